#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace albert::text {

/// What stands for a byte that begins or ends no character.
inline constexpr std::int32_t kNoCodePoint = -1;

/// Removes the first or the last character of UTF-8 text and returns it; kNoCodePoint if there is none, or it is
/// invalid.
std::int32_t pop_front(std::string_view& text);
std::int32_t pop_back(std::string_view& text);

/// Appends a character as UTF-8.
void append_code_point(std::int32_t c, std::string& text);

}  // namespace albert::text
