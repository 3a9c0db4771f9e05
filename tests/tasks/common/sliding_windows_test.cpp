#include "tasks/common/sliding_windows.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"

namespace albert::tasks {
namespace {

/// The windows as Google's loop makes them.
std::vector<TokenRange> reference_windows(std::size_t num_tokens, std::size_t capacity, std::size_t stride) {
  std::vector<TokenRange> windows;
  std::size_t begin = 0;
  while (begin < num_tokens) {
    const std::size_t length = std::min(num_tokens - begin, capacity);
    windows.push_back({begin, begin + length});
    if (begin + length == num_tokens) break;
    begin += std::min(length, stride);
  }
  if (windows.empty()) windows.push_back({0, 0});
  return windows;
}

/// The window of which Google's scripts take a token: over all windows, one after another, the first with most.
std::size_t reference_best(const std::vector<TokenRange>& windows, std::size_t token) {
  double best_score = -1;
  std::size_t best = 0;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    if (!windows[i].contains(token)) continue;
    const std::size_t left = token - windows[i].begin;
    const std::size_t right = windows[i].end - 1 - token;
    const double score = static_cast<double>(std::min(left, right)) + 0.01 * static_cast<double>(windows[i].size());
    if (score <= best_score) continue;
    best_score = score;
    best = i;
  }
  return best;
}

TEST(SlidingWindows, AreThoseOfGooglesLoop) {
  Random random(random_key(1, {}), 0);
  for (int round = 0; round < 300; ++round) {
    const std::size_t num_tokens = random.below(200);
    const std::size_t capacity = 1 + random.below(60);
    const std::size_t stride = 1 + random.below(80);
    const std::vector<TokenRange> expected = reference_windows(num_tokens, capacity, stride);
    const SlidingWindows windows(num_tokens, capacity, stride);
    ASSERT_EQ(windows.count(), expected.size()) << num_tokens << " " << capacity << " " << stride;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      ASSERT_EQ(windows[i].begin, expected[i].begin);
      ASSERT_EQ(windows[i].end, expected[i].end);
      for (std::size_t token = expected[i].begin; token < expected[i].end; ++token) {
        ASSERT_EQ(windows.shows_best(i, token), reference_best(expected, token) == i)
            << token << " of " << num_tokens << " in window " << i;
      }
    }
  }
}

TEST(SlidingWindows, OneHoldsAShortText) {
  const SlidingWindows windows(10, 10, 3);
  EXPECT_EQ(windows.count(), 1U);
  EXPECT_EQ(windows[0].size(), 10U);
  EXPECT_EQ(SlidingWindows(11, 10, 3).count(), 2U);
  EXPECT_EQ(SlidingWindows(0, 10, 3).count(), 1U);
}

}  // namespace
}  // namespace albert::tasks
