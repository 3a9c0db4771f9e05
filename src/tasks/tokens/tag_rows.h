#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "tasks/common/place.h"
#include "tasks/tokens/tagged_text.h"

namespace albert::tasks {

/// A sentence of one row; views of the row.
struct TaggedRow {
  std::vector<std::string_view> words;
  std::vector<std::string_view> tags;  ///< as many, or none
};

/// Rows of sentences, read by their header.
class TagRows {
 public:
  /// Throws DataError if the header does not name the column of words. \param place of the header
  TagRows(std::string_view header, const TagFormat& format, Place place);

  bool has_tags() const { return tags_.has_value(); }
  /// Throws DataError for another number of columns, no words, or another number of tags.
  TaggedRow split(std::string_view row, const Place& place) const;

  /// Whether a line names the column of words.
  static bool is_header(std::string_view line, const TagFormat& format);

 private:
  Place place_;
  std::size_t width_ = 0;
  std::size_t words_ = 0;
  std::optional<std::size_t> tags_;
};

}  // namespace albert::tasks
