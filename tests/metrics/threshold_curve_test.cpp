#include "metrics/threshold_curve.h"

#include <gtest/gtest.h>

namespace albert::metrics {
namespace {

TEST(ThresholdCurve, CountsGuessesOfAtLeastTheThreshold) {
  const std::vector<ScoredGuess> guesses = {{0.9, true}, {0.25, true}, {0.75, false}, {0.5, true}};
  const std::vector<ThresholdPoint> points = threshold_curve(guesses, 4, 4);  // one is not among the guesses
  ASSERT_EQ(points.size(), 5u);
  const auto expect = [&](std::size_t i, double precision, double recall) {
    EXPECT_DOUBLE_EQ(points[i].threshold, static_cast<double>(i) / 4);
    EXPECT_DOUBLE_EQ(points[i].precision.value(), precision);
    EXPECT_DOUBLE_EQ(points[i].recall, recall);
  };
  expect(0, 0.75, 0.75);
  expect(1, 0.75, 0.75);  // 0.25 itself counts
  expect(2, 2.0 / 3, 0.5);
  expect(3, 0.5, 0.25);
  EXPECT_EQ(points[4].precision, std::nullopt) << "nothing is said";
  EXPECT_EQ(points[4].recall, 0);
}

}  // namespace
}  // namespace albert::metrics
