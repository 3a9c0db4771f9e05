#include "metrics/python_text.h"

#include <algorithm>

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

namespace albert::metrics {

namespace {

icu::UnicodeString to_icu(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

std::u32string from_icu(const icu::UnicodeString& text) {
  std::u32string characters;
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    characters.push_back(static_cast<char32_t>(text.char32At(i)));
  }
  return characters;
}

}  // namespace

std::u32string to_characters(std::string_view text) {
  return from_icu(to_icu(text));
}

std::u32string python_lower(std::string_view text) {
  return from_icu(to_icu(text).toLower(icu::Locale::getRoot()));
}

bool python_is_space(char32_t c) {
  // Unicode's White_Space, and the four separators of information that have a bidirectional class of white space.
  return u_isUWhiteSpace(static_cast<UChar32>(c)) || (c >= 0x1c && c <= 0x1f);
}

bool python_is_word_character(char32_t c) {
  const auto point = static_cast<UChar32>(c);
  return c == U'_' || u_isalpha(point) || u_getIntPropertyValue(point, UCHAR_NUMERIC_TYPE) != U_NT_NONE;
}

std::string to_utf8(std::u32string_view text) {
  std::string bytes;
  for (const char32_t c : text) icu::UnicodeString(static_cast<UChar32>(c)).toUTF8String(bytes);
  return bytes;
}

std::vector<std::string> python_split(std::u32string_view text) {
  std::vector<std::string> words;
  while (true) {
    const auto begin = std::ranges::find_if_not(text, python_is_space);
    const auto end = std::find_if(begin, text.end(), python_is_space);
    if (begin == end) return words;
    words.push_back(to_utf8(std::u32string_view(begin, end)));
    text = std::u32string_view(end, text.end());
  }
}

}  // namespace albert::metrics
