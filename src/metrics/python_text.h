#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace albert::metrics {

// Characters as Python's str sees them, since that is what the official scripts are written in.

/// The characters of a text.
/// \param text valid UTF-8
std::u32string to_characters(std::string_view text);

/// str.lower().
/// \param text valid UTF-8
std::u32string python_lower(std::string_view text);

/// str.isspace(), which decides where str.split() and str.strip() cut.
bool python_is_space(char32_t c);

/// What `\w` matches in a pattern of str.
bool python_is_word_character(char32_t c);

std::string to_utf8(std::u32string_view text);

/// str.split(): what stands between white space, as UTF-8.
std::vector<std::string> python_split(std::u32string_view text);

}  // namespace albert::metrics
