#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tasks/common/place.h"

namespace albert::inference {

/// Lines of a stream as they come. Unlike std::istream it knows whether the next line is there already, so that whoever
/// types gets an answer without having to close the stream.
class LineSource {
 public:
  /// \param descriptor open for reading; stays open
  explicit LineSource(int descriptor) : descriptor_(descriptor) {}

  /// The next line without its line feed (and without a carriage return before it, and a byte-order mark before the
  /// first one); nothing at the end. Waits for it.
  /// Throws IoError.
  std::optional<std::string> next();
  /// Hands out once more the line that next() returned last.
  void put_back(std::string line);
  /// Whether next() would return at once.
  bool ready();
  /// Where the line that next() returned last stands, for messages.
  tasks::Place place() const { return {.file = "standard input", .line = line_, .id = {}}; }

 private:
  bool has_line() const { return buffer_.find('\n', position_) != std::string::npos; }
  bool fill();

  int descriptor_;
  std::string buffer_;
  std::size_t position_ = 0;  ///< where the first byte lies that was not handed out
  bool ended_ = false;
  std::optional<std::string> put_back_;
  std::int64_t line_ = 0;
};

}  // namespace albert::inference
