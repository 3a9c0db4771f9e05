#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tasks/common/lines.h"
#include "tasks/common/place.h"

namespace albert::tasks {

/// Walks over the records of a file of JSON: a line each, or the elements of the one array that it is.
class JsonRecords {
 public:
  /// \param content UTF-8, outlives the walk
  /// \param file its name, for messages
  /// Throws DataError for an array that is no JSON.
  JsonRecords(std::string_view content, std::string file);

  /// The next record; false at the end. Lines of white space hold none.
  /// \param record its text, without line ends; whether it is JSON, parse_json_object() tells. Valid until the next
  /// call
  bool next(std::string_view& record);
  /// Where the record stands that was given last.
  const Place& place() const { return place_; }
  std::int64_t num_empty_lines() const { return num_empty_lines_; }

 private:
  TextLines lines_;
  std::vector<std::string_view> elements_;  ///< of an array
  bool is_array_ = false;
  std::size_t next_element_ = 0;
  std::string element_;  ///< that was given last, if it stood on several lines
  Place place_;
  std::int64_t num_empty_lines_ = 0;
};

}  // namespace albert::tasks
