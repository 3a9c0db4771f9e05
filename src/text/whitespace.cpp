#include "text/whitespace.h"

#include <unicode/uchar.h>

#include "text/code_points.h"
#include "text/utf8.h"

namespace albert::text {

namespace {

// u_isUWhiteSpace knows these too; most characters are decided here, without a look at ICU's tables.
bool is_ascii_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
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

}  // namespace albert::text
