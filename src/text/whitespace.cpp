#include "text/whitespace.h"

#include <cstdint>

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "base/utf8.h"

namespace albert::text {

namespace {

// u_isUWhiteSpace knows these too; most characters are decided here, without a look at ICU's tables.
bool is_ascii_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_ascii(std::int32_t c) {
  return c >= 0 && c < 0x80;
}

/// A letter of a script without spaces between words, or a full-width punctuation mark.
bool is_spaceless(std::int32_t c) {
  if (c < 0x0e00) return false;  // Thai is the first of them
  const std::int32_t width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  if (u_ispunct(c)) return width == U_EA_WIDE || width == U_EA_FULLWIDTH;
  UErrorCode status = U_ZERO_ERROR;
  switch (uscript_getScript(c, &status)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_BOPOMOFO:
    case USCRIPT_YI:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
      return true;
    default:
      return false;
  }
}

/// Marks that such scripts share with others, quotation marks above all.
bool is_shared_mark(std::int32_t c) {
  return !is_ascii(c) && u_ispunct(c);
}

bool is_dash(std::int32_t c) {
  return c == '-' || c == 0x2014;
}

}  // namespace

std::string_view trim_left(std::string_view text) {
  for (std::string_view rest = text; !rest.empty(); text = rest) {
    const char byte = rest.front();
    const std::int32_t c = pop_front(rest);
    if (is_ascii(byte) ? !is_ascii_space(byte) : !u_isUWhiteSpace(c)) return text;
  }
  return text;
}

std::string_view trim_right(std::string_view text) {
  for (std::string_view rest = text; !rest.empty(); text = rest) {
    const char byte = rest.back();
    const std::int32_t c = pop_back(rest);
    if (is_ascii(byte) ? !is_ascii_space(byte) : !u_isUWhiteSpace(c)) return text;
  }
  return text;
}

std::string_view trim(std::string_view text) {
  return trim_left(trim_right(text));
}

std::string_view joint(std::string_view line, std::string_view next_line) {
  const std::int32_t last = pop_back(line);
  const std::int32_t first = pop_front(next_line);
  if (is_dash(last)) {
    const std::int32_t before = pop_back(line);
    return before == kNoCodePoint || u_isUWhiteSpace(before) ? " " : "";
  }
  if (is_ascii(last) && is_ascii(first)) return " ";
  const bool spaceless = (is_spaceless(last) && (is_spaceless(first) || is_shared_mark(first))) ||
                         (is_spaceless(first) && is_shared_mark(last));
  return spaceless ? "" : " ";
}

}  // namespace albert::text
