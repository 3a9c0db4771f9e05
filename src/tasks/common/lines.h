#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace albert::tasks {

/// Walks over the lines of a text, which end in "\n" or "\r\n".
class TextLines {
 public:
  /// \param text outlives the walk
  explicit TextLines(std::string_view text) : rest_(text) {}

  /// The next line, without its end; false at the end.
  bool next(std::string_view& line) {
    if (rest_.empty()) return false;
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    line = rest_.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    ++number_;
    return true;
  }
  std::int64_t number() const { return number_; }  ///< of the line that was given last, from 1

 private:
  std::string_view rest_;
  std::int64_t number_ = 0;
};

}  // namespace albert::tasks
