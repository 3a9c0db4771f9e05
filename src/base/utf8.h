#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace albert {

/// What some programs put before a text in UTF-8.
inline constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// Length in bytes of the character that begins with `lead`, in valid UTF-8.
inline std::uint32_t utf8_length(char lead) {
  const auto ones = static_cast<std::uint32_t>(std::countl_one(static_cast<unsigned char>(lead)));
  return ones == 0 ? 1 : ones;
}

inline bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

/// Whether a byte of valid UTF-8 is not the first one of its character.
inline bool continues_character(char c) {
  return (c & 0xc0) == 0x80;
}

/// What stands for a byte that begins or ends no character.
inline constexpr std::int32_t kNoCodePoint = -1;

/// Removes the first or the last character of UTF-8 text and returns it; kNoCodePoint if there is none, or it is
/// invalid.
std::int32_t pop_front(std::string_view& text);
std::int32_t pop_back(std::string_view& text);

/// Offset of the first byte that is no UTF-8, if there is one.
std::optional<std::size_t> find_invalid_utf8(std::string_view text);

/// Whether a text is valid UTF-8.
bool is_utf8(std::string_view text);

/// Appends a character as UTF-8.
void append_code_point(std::int32_t c, std::string& text);

}  // namespace albert
