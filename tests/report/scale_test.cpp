#include "report/scale.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace albert::report {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> labels_of(const Scale& scale) {
  std::vector<std::string> labels;
  for (const double tick : scale.ticks()) labels.push_back(scale.label(tick));
  return labels;
}

TEST(Scale, MarksStandAtRoundNumbers) {
  EXPECT_THAT(labels_of(Scale::linear(0, 2000, 6, false)), ElementsAre("0", "500", "1k", "1.5k", "2k"));
  EXPECT_THAT(labels_of(Scale::linear(0.03, 0.97, 6, true)), ElementsAre("0", "0.2", "0.4", "0.6", "0.8", "1"));
  EXPECT_THAT(labels_of(Scale::linear(-1, 1, 5, true)), ElementsAre("-1", "-0.5", "0", "0.5", "1"));
  EXPECT_THAT(labels_of(Scale::linear(0, 1e6, 3, false)), ElementsAre("0", "500k", "1M"));
  EXPECT_THAT(labels_of(Scale::linear(0, 4e-5, 4, false)), ElementsAre("0", "1e-5", "2e-5", "3e-5", "4e-5"));
  EXPECT_THAT(labels_of(Scale::linear(1, 2, 6, true, Unit::kWhole)), ElementsAre("1", "2"));
  EXPECT_THAT(labels_of(Scale::linear(0.1, 0.35, 6, true, Unit::kShare)),
              ElementsAre("10%", "15%", "20%", "25%", "30%", "35%"));
}

/// No more marks than asked for, each within, equally far apart, and of digits that tell them apart.
void expect_marks(const Scale& scale, double low, double width) {
  const auto& ticks = scale.ticks();
  ASSERT_GE(ticks.size(), 2u) << low << " " << width;
  EXPECT_LE(ticks.size(), 7u) << low << " " << width;
  const double slack = 1e-6 * (scale.high() - scale.low());
  EXPECT_LE(scale.low(), low + slack);
  EXPECT_GE(scale.high(), low + width - slack);
  EXPECT_GE(scale.position(ticks.front()), -1e-6);
  EXPECT_LE(scale.position(ticks.back()), 1 + 1e-6);
  for (std::size_t i = 1; i < ticks.size(); ++i) {
    EXPECT_NEAR(ticks[i] - ticks[i - 1], ticks[1] - ticks[0], slack);
    EXPECT_TRUE(width < 1e-3 || scale.label(ticks[i]) != scale.label(ticks[i - 1])) << low << " " << width;
  }
}

TEST(Scale, AnyStretchHasMarks) {
  for (const double low : {-123.4, 0.0, 1e-7, 0.999, 17.0}) {
    for (const double width : {1e-6, 0.02, 0.3, 1.0, 7.7, 1234.5, 9e8}) {
      for (const bool reaches : {false, true}) expect_marks(Scale::linear(low, low + width, 6, reaches), low, width);
    }
  }
}

TEST(Scale, OneValueHasRoomAround) {
  const Scale scale = Scale::linear(3, 3, 6, true);
  EXPECT_LT(scale.low(), 3);
  EXPECT_GT(scale.high(), 3);
  EXPECT_GT(Scale::linear(0, 0, 6, true).high(), 0);
}

TEST(Scale, ALogarithmicOneHasPowersOfTen) {
  const Scale wide = Scale::logarithmic(0.003, 2e4, 6);
  EXPECT_THAT(labels_of(wide), ElementsAre("0.01", "1", "100", "10k"));
  EXPECT_DOUBLE_EQ(wide.position(0.003), 0);
  EXPECT_DOUBLE_EQ(wide.position(2e4), 1);
  EXPECT_NEAR(wide.position(std::sqrt(0.003 * 2e4)), 0.5, 1e-12);
  EXPECT_THAT(labels_of(Scale::logarithmic(0.9, 30, 6)), ElementsAre("1", "2", "5", "10", "20"));
}

}  // namespace
}  // namespace albert::report
