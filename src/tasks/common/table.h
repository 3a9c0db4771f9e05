#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tasks/common/line_ends.h"
#include "tasks/common/place.h"

namespace albert::tasks {

/// How the fields of a row are told apart.
struct TableDialect {
  char separator = '\t';
  /// Fields may stand in double quotes, with quotes doubled and line feeds inside of them (RFC 4180); else a quote is
  /// a character like others, as in GLUE's files.
  bool quoted = false;
};

/// One row of a table.
struct TableRow {
  std::vector<std::string> fields;
  std::string_view bytes;  ///< as it stands in the text, without its line's end
  std::int64_t line = 0;   ///< where it begins, from 1
};

/// Walks over the rows of a text that holds a table. Lines end as LineEnds has them; empty ones hold no row.
class TableReader {
 public:
  /// \param text UTF-8, outlives the reader
  /// \param file its name, for messages
  /// \param first_line number of the text's first line there
  TableReader(std::string_view text, TableDialect dialect, std::string file, std::int64_t first_line = 1)
      : text_(text), dialect_(dialect), ends_(std::move(file)), line_(first_line) {}

  /// The next row; false at the end. Throws DataError for a quoted field that does not end, or has spaces or anything
  /// else around it, and for ends of lines of two kinds.
  bool next(TableRow& row);

  std::int64_t num_empty_lines() const { return num_empty_lines_; }

 private:
  void read_plain(TableRow& row);
  void read_quoted(TableRow& row);
  void read_quoted_field(std::string& field);
  void refuse_space_before_quotes(std::string_view field) const;
  std::size_t end_of_field(std::size_t begin) const;
  bool at_line_end(std::size_t at) const;
  void skip_line_end();

  std::string_view text_;
  TableDialect dialect_;
  LineEnds ends_;
  std::size_t at_ = 0;
  std::int64_t line_;
  std::int64_t num_empty_lines_ = 0;
};

/// The fields of a text that is one row.
/// \param row without carriage returns, see check_utf8()
/// \param place of the row, for messages
std::vector<std::string> split_row(std::string_view row, TableDialect dialect, const Place& place);

/// As messages hold it: "a tab", "';'".
std::string name_of_separator(char separator);

/// Whether a field stands in quotes, as RFC 4180 has them: those inside are doubled.
bool stands_in_quotes(std::string_view field);

/// Whether a field of a row stands in quotes and has doubled ones inside: then a program has written them, also where
/// quotes are characters.
template <typename Fields>
bool has_doubled_quotes(const Fields& fields) {
  return std::ranges::any_of(fields, [](std::string_view field) {
    return stands_in_quotes(field) && field.find("\"\"", 1) < field.size() - 2;
  });
}

/// A field as the dialect writes it: in quotes where it needs them. Without quotes there is no way to write a separator
/// or a line feed: each becomes a space.
std::string write_field(std::string_view field, TableDialect dialect);

}  // namespace albert::tasks
