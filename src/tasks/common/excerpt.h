#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

/// What messages show of a file. A wrong setting may make a cell of a whole file: no message shows all of it.
namespace albert::tasks {

/// The text, or its beginning and "..." if it is longer than a message shows.
/// \param text UTF-8; no character is cut in two
/// \param max_bytes that are shown
std::string excerpt(std::string_view text, std::size_t max_bytes = 60);

/// "'a', 'b'": the texts, or the first of them, "..." and how many there are.
std::string listed(std::span<const std::string> texts);

}  // namespace albert::tasks
