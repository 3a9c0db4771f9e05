#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace albert::text {

/// A uniform sample of a stream of lines, bounded in lines and in bytes, however long the stream: every line gets a
/// random priority that depends on the seed and its place, and the lowest ones stay. With the bounds out of reach the
/// sample is the stream.
class LineSample {
 public:
  LineSample(std::uint64_t seed, std::uint64_t max_lines, std::uint64_t max_bytes);

  void add(std::string_view line);

  std::uint64_t lines_seen() const { return lines_seen_; }
  std::size_t size() const { return lines_.size(); }
  /// Hands the lines out, in the order of the stream; the sample is empty afterwards.
  std::vector<std::string> take();

 private:
  struct Line {
    std::uint64_t priority;
    std::uint64_t place;
    std::string text;
    bool operator<(const Line& other) const { return priority < other.priority; }
  };

  /// What a line costs beside its characters.
  static constexpr std::uint64_t kOverheadBytes = sizeof(Line) + 16;

  void evict();

  std::uint64_t key_;
  std::uint64_t max_lines_;
  std::uint64_t max_bytes_;
  std::uint64_t lines_seen_ = 0;
  std::uint64_t size_bytes_ = 0;
  std::uint64_t limit_ = ~std::uint64_t{0};  ///< lines of this priority or above cannot stay
  std::vector<Line> lines_;                  ///< a heap with the highest priority first
};

}  // namespace albert::text
