#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace albert::text {

/// A uniform sample of a stream of lines, bounded in lines and in bytes, however long the stream: every line gets a
/// random priority that depends on the seed and its key, and the lowest ones stay. With the bounds out of reach the
/// sample is the stream. It is the longest run of lines by priority that fits, so the sample of a whole is that of the
/// samples of its parts.
class LineSample {
 public:
  struct Line {
    std::uint64_t priority;
    std::uint64_t place;
    std::string text;
    bool operator<(const Line& other) const { return priority < other.priority; }
  };

  LineSample(std::uint64_t seed, std::uint64_t max_lines, std::uint64_t max_bytes);

  /// Adds a line whose key is its place in the stream.
  void add(std::string_view line) { add(line, lines_seen_); }
  /// \param key a number that no other line has
  void add(std::string_view line, std::uint64_t key);
  /// Adds a line of the sample of a part; parts in their order.
  void add_sampled(std::uint64_t priority, std::string_view line);
  /// Lines of a priority at or above this one cannot stay: that of a part's sample, before any line is added.
  void lower_threshold(std::uint64_t threshold) { threshold_ = std::min(threshold_, threshold); }
  /// Counts lines of a part that are not in its sample.
  void count_unsampled(std::uint64_t num_lines) { lines_seen_ += num_lines; }

  /// Lines of this priority or above cannot stay.
  std::uint64_t threshold() const { return threshold_; }
  std::uint64_t lines_seen() const { return lines_seen_; }
  std::size_t size() const { return lines_.size(); }
  /// Hands the lines out, in the order of the stream; the sample is empty afterwards.
  std::vector<std::string> take();
  /// The same with their priorities.
  std::vector<Line> take_lines();

 private:
  /// What a line costs beside its characters.
  static constexpr std::uint64_t kOverheadBytes = sizeof(Line) + 16;

  void evict();

  std::uint64_t key_;
  std::uint64_t max_lines_;
  std::uint64_t max_bytes_;
  std::uint64_t lines_seen_ = 0;
  std::uint64_t size_bytes_ = 0;
  std::uint64_t threshold_ = ~std::uint64_t{0};
  std::vector<Line> lines_;  ///< a heap with the highest priority first
};

}  // namespace albert::text
