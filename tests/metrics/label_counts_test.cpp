#include "metrics/label_counts.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

namespace albert::metrics {
namespace {

TEST(LabelCounts, TheMostFrequentLabelAndItsShare) {
  LabelCounts counts;
  counts.add(std::array{7, 9, 7});
  counts.add(std::array{9, 9});
  EXPECT_EQ(counts.most_frequent(), std::pair(9, 0.6));
}

TEST(LabelCounts, TheSmallestOfEquals) {
  LabelCounts counts;
  counts.add(std::array{5, 3, 4});
  EXPECT_EQ(counts.most_frequent()->first, 3);
}

TEST(LabelCounts, NoLabelsNoGuess) {
  LabelCounts counts;
  counts.add(std::vector<std::int32_t>{});
  EXPECT_FALSE(counts.most_frequent().has_value());
}

}  // namespace
}  // namespace albert::metrics
