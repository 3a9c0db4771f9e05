#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "tasks/text/record.h"

namespace albert::tasks {

/// Finds out whether a program has put the fields of a table into quotes where quotes are characters. One text may have
/// them for its own; all have them from the program.
class QuoteCheck {
 public:
  /// \param settings what the keys of the settings begin with, see advice()
  explicit QuoteCheck(std::string settings) : settings_(std::move(settings)) {}

  /// Takes note of a row. Throws DataError if its fields cannot have their quotes for their own: if one has doubled
  /// ones inside, or if labels and other fields than texts have them.
  /// \param record made of the row
  void add(const std::vector<std::string>& fields, const TextRecord& record);
  /// At the end of a file. Throws DataError if all of many texts stand in quotes, and warns if all of a few do.
  void end_file() const;
  // A stream cannot be refused for rows whose results were written; so it is warned of, once.
  void add_to_stream(const std::vector<std::string>& fields, const TextRecord& record);
  void end_stream() const;

 private:
  bool are_many() const { return num_texts_ >= kMany; }
  bool are_all() const { return num_texts_ > 1 && num_quoted_ == num_texts_; }
  void warn() const;

  static constexpr std::size_t kMany = 10;

  std::string settings_;
  Place first_;  ///< of the first row
  std::size_t num_texts_ = 0;
  std::size_t num_quoted_ = 0;
};

}  // namespace albert::tasks
