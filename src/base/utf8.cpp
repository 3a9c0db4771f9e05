#include "base/utf8.h"

#include <algorithm>
#include <array>

#include <unicode/utf8.h>

namespace albert {

// ICU's macros narrow integers on purpose, and count within conditions.
// NOLINTBEGIN(bugprone-inc-dec-in-conditions)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"

std::int32_t pop_front(std::string_view& text) {
  const auto length = static_cast<std::int32_t>(std::min<std::size_t>(text.size(), U8_MAX_LENGTH));
  if (length == 0) return kNoCodePoint;
  std::int32_t used = 0;
  UChar32 c = kNoCodePoint;
  U8_NEXT(text.data(), used, length, c);
  text.remove_prefix(static_cast<std::size_t>(used));
  return c;
}

std::int32_t pop_back(std::string_view& text) {
  const auto length = static_cast<std::int32_t>(std::min<std::size_t>(text.size(), U8_MAX_LENGTH));
  if (length == 0) return kNoCodePoint;
  const char* tail = text.data() + text.size() - length;
  std::int32_t left = length;
  UChar32 c = kNoCodePoint;
  U8_PREV(tail, 0, left, c);
  text.remove_suffix(static_cast<std::size_t>(length - left));
  return c;
}

std::optional<std::size_t> find_invalid_utf8(std::string_view text) {
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t offset = text.size() - rest.size();
    if (pop_front(rest) == kNoCodePoint) return offset;
  }
  return std::nullopt;
}

bool is_utf8(std::string_view text) {
  return !find_invalid_utf8(text);
}

void append_code_point(std::int32_t c, std::string& text) {
  std::array<char, U8_MAX_LENGTH> bytes;
  std::size_t size = 0;
  U8_APPEND_UNSAFE(bytes.data(), size, c);
  text.append(bytes.data(), size);
}

#pragma GCC diagnostic pop
// NOLINTEND(bugprone-inc-dec-in-conditions)

}  // namespace albert
