#include "train/best_result.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace albert::train {
namespace {

Evaluation evaluation(double value, std::optional<double> loss, std::string metric = "accuracy") {
  Evaluation made{{}, std::move(metric), value};
  if (loss) made.figures.emplace_back("loss", *loss);
  return made;
}

/// The step of the best of evaluations after steps 1, 2 ...
std::int64_t best_of(const std::vector<Evaluation>& evaluations) {
  std::optional<BestResult> best;
  for (std::size_t i = 0; i < evaluations.size(); ++i) {
    best = best_after(best, evaluations[i], static_cast<std::int64_t>(i + 1));
  }
  return best ? best->step : 0;
}

TEST(BestResult, TheValueDecidesThenTheLossThenTheLaterStep) {
  EXPECT_EQ(best_of({evaluation(0.5, 1), evaluation(0.6, 2), evaluation(0.4, 0)}), 2);
  EXPECT_EQ(best_of({evaluation(0.5, 0.7), evaluation(0.5, 0.6), evaluation(0.5, 0.65)}), 2);
  EXPECT_EQ(best_of({evaluation(0.5, 0.7), evaluation(0.5, 0.7), evaluation(0.5, 0.7)}), 3);
  EXPECT_EQ(best_of({evaluation(0.5, std::nullopt), evaluation(0.5, std::nullopt)}), 2);
}

TEST(BestResult, OfLossesTheSmallestIsTheBest) {
  EXPECT_EQ(best_of({evaluation(2, 2, "loss"), evaluation(1, 1, "loss"), evaluation(3, 3, "loss")}), 2);
}

TEST(BestResult, WhatIsNoNumberIsNotTheBest) {
  const double nan = std::nan("");
  EXPECT_EQ(best_of({evaluation(nan, 1), evaluation(0.5, 1), evaluation(nan, 0)}), 2);
  EXPECT_EQ(best_of({evaluation(0.5, nan), evaluation(0.5, nan)}), 2);
  EXPECT_EQ(best_of({evaluation(std::numeric_limits<double>::infinity(), 1)}), 0);
}

TEST(BestResult, PatienceCountsFromTheFirstOfEqualOnes) {
  const BestResult first{"accuracy", 0.5, 10, 0.7, 10};
  EXPECT_EQ(best_after(first, evaluation(0.5, 0.7), 20), (BestResult{"accuracy", 0.5, 20, 0.7, 10}));
  EXPECT_EQ(best_after(first, evaluation(0.5, 0.6), 20), (BestResult{"accuracy", 0.5, 20, 0.6, 20}));
  EXPECT_EQ(best_after(first, evaluation(0.4, 0.6, "loss"), 20)->metric, "loss") << "values of two metrics say nothing";
}

}  // namespace
}  // namespace albert::train
