#pragma once

#include <cstddef>

namespace albert::tasks {

/// Some consecutive tokens of a text, `end` excluded.
struct TokenRange {
  std::size_t begin = 0;
  std::size_t end = 0;

  std::size_t size() const { return end - begin; }
  bool contains(std::size_t token) const { return token >= begin && token < end; }
};

/// The windows in which a text is read that does not fit into a sequence (google-research/bert run_squad.py,
/// convert_examples_to_features). They overlap, so that a token near the edge of one stands well inside another. There
/// is at least one.
class SlidingWindows {
 public:
  /// \param num_tokens of the text
  /// \param capacity most tokens of a window, at least 1
  /// \param stride from the begin of a window to that of the next, at least 1; not more than the capacity is used, so
  ///     that no token is left out
  SlidingWindows(std::size_t num_tokens, std::size_t capacity, std::size_t stride);

  std::size_t count() const { return count_; }
  TokenRange operator[](std::size_t window) const;

  /// Whether of all windows with this token the given one, which holds it, shows most of its surroundings: most tokens
  /// on the side where there are fewer, plus a hundredth of the window's length (_check_is_max_context of the same).
  bool shows_best(std::size_t window, std::size_t token) const;

 private:
  std::size_t num_tokens_;
  std::size_t capacity_;
  std::size_t stride_;
  std::size_t count_ = 1;
};

}  // namespace albert::tasks
