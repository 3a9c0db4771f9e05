#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "tasks/common/line_ends.h"

namespace albert::tasks {

/// Walks over the lines of a text, see LineEnds.
class TextLines {
 public:
  /// \param text outlives the walk
  /// \param file its name, for messages
  TextLines(std::string_view text, std::string file) : rest_(text), ends_(std::move(file)) {}

  /// The next line, without its end; false at the end.
  /// Throws DataError for ends of two kinds.
  bool next(std::string_view& line) {
    if (rest_.empty()) return false;
    ++number_;
    const std::size_t end = std::min(rest_.find_first_of("\r\n"), rest_.size());
    line = rest_.substr(0, end);
    rest_.remove_prefix(end == rest_.size() ? end : end + ends_.take(rest_, end, number_));
    return true;
  }
  std::int64_t number() const { return number_; }  ///< of the line that was given last, from 1

 private:
  std::string_view rest_;
  LineEnds ends_;
  std::int64_t number_ = 0;
};

}  // namespace albert::tasks
