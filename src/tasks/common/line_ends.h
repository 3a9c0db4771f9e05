#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace albert::tasks {

/// How many ends of lines a text has, of whatever kinds.
std::int64_t count_line_ends(std::string_view text);

/// The ends of the lines of one text: line feeds, with a carriage return before them or without, or, as on old Macs,
/// carriage returns alone. Both in one text are refused: whether a carriage return within a line ends it, nobody can
/// know.
class LineEnds {
 public:
  /// \param file its name, for the message
  explicit LineEnds(std::string file) : file_(std::move(file)) {}

  /// How many bytes of a line's end stand at a place; 0: the line goes on.
  /// \param at within the text
  static std::size_t length_at(std::string_view text, std::size_t at);

  /// Takes note of a line's end.
  /// \param at where it stands
  /// \param line that it ends, from 1, for the message
  /// \return its length. Throws DataError if it is of the other kind than those before.
  std::size_t take(std::string_view text, std::size_t at, std::int64_t line);

  const std::string& file() const { return file_; }

 private:
  std::string file_;
  char last_ = '\0';  ///< the last byte of every end so far
};

}  // namespace albert::tasks
