#include "metrics/calibration.h"

#include <vector>

#include <gtest/gtest.h>

namespace albert::metrics {
namespace {

TEST(Calibration, ExpectedErrorOfFifteenBins) {
  Calibration calibration;
  EXPECT_EQ(calibration.expected_error(), std::nullopt);
  const std::vector<double> confidences = {.95, .9, .55, .6, .61, .72, 1.0, .34, .99, .2};
  const std::vector<bool> are_right = {true, true, false, true, false, true, true, false, false, true};
  for (std::size_t i = 0; i < confidences.size(); ++i) calibration.add(confidences[i], are_right[i]);
  // NumPy: sum of |accuracy - confidence| times the share over linspace(0, 1, 16), (low, high]
  EXPECT_NEAR(calibration.expected_error().value(), 0.322, 1e-12);
}

TEST(Calibration, BinsHaveTheirUpperEnd) {
  Calibration calibration;
  calibration.add(1.0 / 15, true);
  calibration.add(0.05, false);
  calibration.add(1, true);
  const auto bins = calibration.bins();
  EXPECT_EQ(bins[0].accuracy.count, 2);
  EXPECT_DOUBLE_EQ(bins[0].accuracy.value().value(), 0.5);
  EXPECT_DOUBLE_EQ(bins[0].confidence.value().value(), (1.0 / 15 + 0.05) / 2);
  EXPECT_EQ(bins[7].accuracy.value(), std::nullopt);
  EXPECT_EQ(bins[14].accuracy.count, 1);
}

TEST(FitTemperature, MakesTheLabelsLikeliest) {
  const std::vector<std::vector<float>> scores = {{4, 0, 1}, {0.5, 3, -1}, {2, 1, 0},
                                                  {0, 3, 1}, {1, 1.5, 5},  {3, 0, 0}};
  const std::vector<std::size_t> labels = {0, 1, 1, 2, 2, 0};
  std::vector<ScoredDecision> decisions;
  for (std::size_t i = 0; i < labels.size(); ++i) decisions.push_back({scores[i], labels[i]});
  EXPECT_NEAR(fit_temperature(decisions).value(), 1.3408139672, 1e-6) << "scipy.optimize.minimize_scalar";
}

TEST(FitTemperature, WhereAllIsRightThereIsNone) {
  const std::vector<float> scores = {2, 0};
  EXPECT_EQ(fit_temperature(std::vector<ScoredDecision>{{scores, 0}}), std::nullopt);
  EXPECT_EQ(fit_temperature(std::vector<ScoredDecision>{{scores, 1}}), std::nullopt) << "nor where all is wrong";
  EXPECT_EQ(fit_temperature({}), std::nullopt);
}

}  // namespace
}  // namespace albert::metrics
