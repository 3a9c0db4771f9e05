#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Lists as programs write them into the cells of tables.
namespace albert::tasks {

/// The elements of a list that was written by a program: "['a', 'b']" of Python, "["a", "b"]" of JSON, "[0 1 1]" of
/// NumPy, also between ( and ) or { and } where they are quoted. Nothing for a text that is no such list.
std::optional<std::vector<std::string>> parse_written_list(std::string_view cell);

/// Whether a list says for each label whether it is there: of two or more, each 0 or 1, true or false.
bool are_marks(std::span<const std::string> list);

/// Whether a text says that something is there ("1", "1.0", "true"), or is not; nothing for another text.
std::optional<bool> truth_of(std::string_view text);

}  // namespace albert::tasks
