#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

/// How messages show what others wrote: the labels, columns, names and lines of files.
namespace albert {

/// The characters of a foreign text that a message shows at most: a wrong setting may make a cell of a whole file.
inline constexpr std::size_t kShownCharacters = 60;

/// The bytes that a line of a message may have: of a longer one the middle is left out.
inline constexpr std::size_t kMaxLineBytes = 2000;

/// A text on one line that a terminal prints as it stands: control characters (also tabs and ends of lines), those that
/// turn the direction of writing or cannot be seen, and bytes that are no UTF-8 become escapes: \x1b, \u202e.
std::string printable(std::string_view text);

/// The same of a text of several lines, of which each but the first begins with a space: the ends of others are escapes,
/// too. Tabs stay. Of a line that is too long to be read, the beginning and the end stay, where the advice is.
std::string printable_lines(std::string_view text);

/// A message, of which each line becomes printable, but for its tabs. The lines behind the first one are moved in by two
/// spaces unless all of them begin with one: no text of a file passes for a line of the log. Lines that are too long are
/// shortened as by printable_lines().
std::string printable_message(std::string_view message);

/// What another library says, as the rest of a message: each line but the first is moved in by two spaces.
std::string moved_in(std::string_view lines);

/// Of a text of more bytes the beginning and the end, where the advice is, and how much is left out between: less than
/// 1,800 bytes.
/// \param max_bytes at least as many
std::string without_middle(std::string_view text, std::size_t max_bytes);

/// Of a text of more than `max_characters` the beginning and "...".
/// \param text of any bytes
std::string beginning(std::string_view text, std::size_t max_characters);

/// The same as messages hold it: printable.
std::string shortened(std::string_view text, std::size_t max_characters = kShownCharacters);

/// The same between quotes: 'B-PER'.
std::string in_quotes(std::string_view text);

/// "'a', 'b'": the texts, or the first of them, "..." and how many there are.
std::string listed(std::span<const std::string> texts);

/// A word of a suggested command, as a POSIX shell takes it for itself.
std::string shell_quoted(std::string_view word);

}  // namespace albert
