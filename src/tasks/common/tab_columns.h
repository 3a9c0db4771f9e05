#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "tasks/common/place.h"

/// Streams of columns apart by tabs, whose header names them.
namespace albert::tasks {

/// The name of the column, or member, that holds what was predicted in one's own files.
inline constexpr const char* kPredictionColumn = "prediction";

/// What stands between the separators of a line; a field may be empty.
std::vector<std::string_view> split_fields(std::string_view line, char separator = '\t');

/// Where the header of a stream stands, for messages.
inline Place place_of_header() {
  return {.file = "standard input", .line = 1, .id = {}};
}

/// Throws DataError if a table has a column already of a name that predictions add.
/// \param added names that are added
/// \param names of the table's columns
/// \param place of its header
void check_new_columns(const std::vector<std::string>& added, const std::vector<std::string>& names,
                       const Place& place);

/// What stands for a row of a table that gets no answer: the row as it is, if it has the table's columns, else one of
/// empty fields; behind it empty fields for the answer. So the table stays one, and keeps its rows.
/// \param row a line, of any content
/// \param num_columns of the table
/// \param num_added columns of the answers
/// \param quoted whether fields may stand in quotes
std::string row_without_answer(std::string_view row, std::size_t num_columns, std::size_t num_added, bool quoted);

/// The columns of a table by the names in its header.
class TabColumns {
 public:
  TabColumns() = default;
  /// \param place of the header
  explicit TabColumns(std::string_view header, Place place = place_of_header());

  const std::vector<std::string>& names() const { return names_; }
  /// The number of the column from 0; nothing if there is none of that name. Throws DataError if there are several.
  std::optional<std::size_t> find(std::string_view name) const;
  /// Throws DataError naming the columns that there are.
  /// \param expected what the message asks for: "columns named 'question' and 'context'"
  [[noreturn]] void refuse(std::string_view expected) const;
  /// The fields of a row. Throws DataError if they are not as many as the columns, or if a program has put them into
  /// quotes, which are characters here; warns, once, where these may be those of texts.
  std::vector<std::string_view> split(std::string_view row, const Place& place) const;

 private:
  void check_quotes(const std::vector<std::string_view>& fields, const Place& place) const;

  std::vector<std::string> names_;
  mutable bool was_warned_ = false;  ///< of quotes
  Place place_ = place_of_header();
};

}  // namespace albert::tasks
