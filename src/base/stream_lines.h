#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace albert {

/// Lines of a stream as they come. Unlike std::istream it knows whether the next line is there already, so that whoever
/// types gets an answer without having to close the stream.
class StreamLines {
 public:
  /// What stands for a stream in messages, if nothing else is said.
  static constexpr const char* kName = "standard input";
  static constexpr std::size_t kMaxLineBytes = 256 << 20;

  enum class LineEnd { kUnknown, kLineFeed, kCarriageReturn };

  /// \param descriptor open for reading; stays open
  /// \param max_line_bytes what a line may have, and so what of a line is held in memory
  /// \param line_end with what lines end; unknown: the first line tells
  /// \param name stands for the stream in messages
  explicit StreamLines(int descriptor, std::size_t max_line_bytes = kMaxLineBytes, LineEnd line_end = LineEnd::kUnknown,
                       std::string name = kName)
      : descriptor_(descriptor), max_line_bytes_(max_line_bytes), name_(std::move(name)), line_end_(line_end) {}

  /// The next line without its end, and without a byte-order mark before the first one; nothing at the end. Waits for
  /// it. The first line's end tells how lines end: with a line feed and perhaps carriage returns before it, or with a
  /// carriage return alone, as on old Macs. In the first case, a carriage return elsewhere is left in its line.
  /// Throws IoError; DataError for a line feed where lines end with carriage returns, and for a line that is too long.
  std::optional<std::string> next();
  /// Hands out once more the line that next() returned last.
  void put_back(std::string line);
  /// Whether next() would return at once. Reads ahead what has come of the next line, and so at most `max_line_bytes`
  /// and a buffer.
  /// Throws IoError; DataError for a line that is too long.
  bool ready() { return put_back_ || find_line(/*waits=*/false); }
  /// Whether the line that next() returned last had an end, which the last one of a stream may lack.
  bool has_end() const { return has_end_; }
  /// The number of the line that next() returned last, from 1.
  std::int64_t number() const { return number_; }

 private:
  std::string_view unread() const { return std::string_view(buffer_).substr(position_); }
  std::size_t find_end(std::size_t from) const;
  void decide_line_end();
  void take_end(char end);
  bool has_input() const;
  void fill();
  bool find_line(bool waits);

  int descriptor_;
  std::size_t max_line_bytes_;
  std::string name_;
  std::string buffer_;
  std::size_t position_ = 0;  ///< where the first byte lies that was not handed out
  std::size_t searched_ = 0;  ///< from there on the end of the next line is looked for
  LineEnd line_end_;
  bool after_return_ = false;  ///< the first line ended with a carriage return, behind which a line feed may follow
  bool ended_ = false;
  bool has_end_ = false;
  std::optional<std::string> put_back_;
  std::int64_t number_ = 0;
};

}  // namespace albert
