#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace albert::metrics {

/// Columns of text for people, as wide as a terminal shows their characters.
class TextTable {
 public:
  /// \param header a title for each column
  /// \param num_left_aligned columns of words; those after them are of numbers
  TextTable(std::vector<std::string> header, std::size_t num_left_aligned);

  /// \param row as many cells as the header has
  void add_row(std::vector<std::string> row);

  /// Lines, each with its line feed.
  std::string to_text() const;

 private:
  std::size_t num_left_aligned_;
  std::vector<std::vector<std::string>> rows_;  ///< the header first
};

}  // namespace albert::metrics
