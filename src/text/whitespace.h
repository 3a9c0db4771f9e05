#pragma once

#include <string_view>

namespace albert::text {

/// The text without Unicode white space at its ends. Invalid UTF-8 is no white space.
std::string_view trim(std::string_view text);
std::string_view trim_left(std::string_view text);
std::string_view trim_right(std::string_view text);

}  // namespace albert::text
