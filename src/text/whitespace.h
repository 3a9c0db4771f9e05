#pragma once

#include <string_view>

namespace albert::text {

/// The text without Unicode white space at its ends. Invalid UTF-8 is no white space.
std::string_view trim(std::string_view text);
std::string_view trim_left(std::string_view text);
std::string_view trim_right(std::string_view text);

/// What stands in place of the line break when a wrapped paragraph becomes one line: a space; nothing in scripts
/// written without spaces (Chinese, Japanese, Thai, ...) and after a hyphen or dash that ends a word.
std::string_view joint(std::string_view line, std::string_view next_line);

}  // namespace albert::text
