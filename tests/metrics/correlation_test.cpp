#include "metrics/correlation.h"

#include <array>
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace albert::metrics {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Pearson, ByHand) {
  // Means 2.5 and 3: products -1.5 (-2) - 0.5 (0) + 0.5 (-1) + 1.5 (3) = 7; squares 5 and 14.
  const std::array gold{1.0, 2.0, 3.0, 4.0};
  const std::array predicted{1.0, 3.0, 2.0, 6.0};
  EXPECT_NEAR(pearson(gold, predicted).value.value(), 7 / std::sqrt(5.0 * 14.0), 1e-15);
}

TEST(Pearson, DoesNotDependOnScale) {
  const std::array gold{1e-200, 3e-200, 2e-200};
  const std::array predicted{1e200, 3e200, 2e200};
  EXPECT_NEAR(pearson(gold, predicted).value.value(), 1, 1e-15);
}

TEST(Pearson, IsNeverBeyondOne) {
  const std::array gold{0.1, 0.2, 0.7};
  const std::array predicted{-0.3, -0.6, -2.1};
  EXPECT_GE(pearson(gold, predicted).value.value(), -1);
}

TEST(Spearman, TiesShareTheirRanks) {
  EXPECT_THAT(tied_ranks(std::array{7.0, 1.0, 7.0, 3.0, 7.0}), ElementsAre(4, 1, 4, 2, 4));
  // Ranks 1 2.5 2.5 4 against 2 1 3 4, less 2.5: products 0.75 + 2.25; squares 4.5 and 5.
  const std::array gold{1.0, 2.0, 2.0, 3.0};
  const std::array predicted{20.0, 10.0, 30.0, 400.0};
  EXPECT_NEAR(spearman(gold, predicted).value.value(), 3 / std::sqrt(4.5 * 5.0), 1e-15);
}

TEST(Spearman, RanksInfinity) {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::array gold{1.0, 2.0, 3.0};
  const std::array predicted{-infinity, 0.0, infinity};
  EXPECT_NEAR(spearman(gold, predicted).value.value(), 1, 1e-15);
  EXPECT_EQ(pearson(gold, predicted).value, std::nullopt);
}

TEST(Correlation, WithoutAValueThereIsAReason) {
  const std::array gold{1.0, 2.0, 3.0};
  const std::array constant{2.0, 2.0, 2.0};
  const std::array not_a_number{1.0, std::nan(""), 2.0};
  EXPECT_EQ(pearson(gold, constant).value, std::nullopt);
  EXPECT_EQ(pearson(gold, constant).reason, "all predicted values are equal");
  EXPECT_EQ(spearman(constant, gold).reason, "all gold values are equal");
  EXPECT_EQ(spearman(gold, not_a_number).reason, "a predicted value is no number");
  EXPECT_THAT(pearson(std::array{1.0}, std::array{2.0}).reason, HasSubstr("expected 2"));
}

TEST(Correlation, WhatIsUndefinedIsAbsentFromTheReport) {
  const Report report = judge_correlation(std::array{1.0, 2.0}, std::array{3.0, 3.0});
  EXPECT_TRUE(report.figures.empty());
  EXPECT_THAT(to_text(report), HasSubstr("pearson is undefined: all predicted values are equal"));
}

}  // namespace
}  // namespace albert::metrics
