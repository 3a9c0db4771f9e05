#include "optim/schedule.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/configuration.h"
#include "optim/optimizer_config.h"

namespace albert::optim {
namespace {

constexpr double kPeak = 0.00176;

TEST(Schedule, FollowsGoogleOnItsOwnNumbers) {
  const Schedule schedule({.warmup_steps = 3125}, kPeak, 125'000);
  EXPECT_EQ(schedule.at(0), 0);
  EXPECT_DOUBLE_EQ(schedule.at(1), 0.00176 / 3125);
  EXPECT_DOUBLE_EQ(schedule.at(3124), 0.00176 * 3124 / 3125);
  EXPECT_DOUBLE_EQ(schedule.at(3125), 0.00176 * 0.975);  // 1 - 3125 / 125000: the drop of issue 49
  EXPECT_DOUBLE_EQ(schedule.at(62'500), 0.00088);
  EXPECT_NEAR(schedule.at(124'999), 0.00176 / 125'000, 1e-15);
  EXPECT_EQ(schedule.at(125'000), 0);
  EXPECT_EQ(schedule.at(200'000), 0);
}

TEST(Schedule, MayReachItsPeakWithoutADrop) {
  const Schedule schedule(
      {.warmup_steps = 10, .end_learning_rate = 0.1, .warmup_from_zero = false, .decay_during_warmup = false}, 1.0,
      110);
  EXPECT_DOUBLE_EQ(schedule.at(0), 0.1);
  EXPECT_DOUBLE_EQ(schedule.at(9), 1.0);
  EXPECT_DOUBLE_EQ(schedule.at(10), 1.0);
  EXPECT_DOUBLE_EQ(schedule.at(60), 0.55);
  EXPECT_DOUBLE_EQ(schedule.at(110), 0.1);
}

TEST(Schedule, PowerAndConstant) {
  EXPECT_DOUBLE_EQ(Schedule({.power = 0.5}, 1.0, 100).at(75), 0.5);
  EXPECT_DOUBLE_EQ(Schedule({.power = 2.0}, 1.0, 100).at(50), 0.25);
  EXPECT_DOUBLE_EQ(Schedule({.decay = Decay::kLinear}, 1.0, 100).at(0), 1.0);
  const Schedule constant({.warmup_steps = 4, .decay = Decay::kConstant}, 1.0, 100);
  EXPECT_DOUBLE_EQ(constant.at(2), 0.5);
  EXPECT_DOUBLE_EQ(constant.at(4), 1.0);
  EXPECT_DOUBLE_EQ(constant.at(99), 1.0);
}

TEST(Schedule, OtherShapesOfDecay) {
  const ScheduleConfig base{.warmup_steps = 20, .decay_during_warmup = false};
  ScheduleConfig cosine = base, root = base;
  cosine.decay = Decay::kCosine;
  root.decay = Decay::kInverseRoot;
  EXPECT_DOUBLE_EQ(Schedule(cosine, 1.0, 100).at(20), 1.0);
  EXPECT_DOUBLE_EQ(Schedule(cosine, 1.0, 100).at(40), (1 + std::sqrt(0.5)) / 2);
  EXPECT_DOUBLE_EQ(Schedule(cosine, 1.0, 100).at(60), 0.5);
  EXPECT_DOUBLE_EQ(Schedule(root, 1.0, 100).at(40), 0.5);
  EXPECT_DOUBLE_EQ(Schedule(root, 1.0, 100).at(100), 0.0);
}

TEST(Schedule, MayStayAtItsPeakUntilTheDecay) {
  const Schedule schedule({.warmup_steps = 10, .decay = Decay::kLinear, .decay_ratio = 0.2, .end_learning_rate = 0.1},
                          1.0, 100);
  EXPECT_EQ(schedule.decay_start(), 80);
  EXPECT_DOUBLE_EQ(schedule.at(10), 1.0);
  EXPECT_DOUBLE_EQ(schedule.at(80), 1.0);
  EXPECT_DOUBLE_EQ(schedule.at(90), 0.55);
  EXPECT_DOUBLE_EQ(schedule.at(100), 0.1);
  EXPECT_EQ(Schedule({.warmup_steps = 90, .decay_ratio = 0.2}, 1.0, 100).decay_start(), 90);
  const Schedule in_steps({.warmup_steps = 10, .decay = Decay::kLinear, .decay_steps = 20, .end_learning_rate = 0.1},
                          1.0, 100);
  for (const std::int64_t step : {5, 50, 79, 80, 95, 99})
    EXPECT_DOUBLE_EQ(in_steps.at(step), schedule.at(step)) << step;
}

TEST(Schedule, RisesAgainBehindABorder) {
  const Schedule schedule({.decay = Decay::kConstant, .rewarm_steps = 4}, 2.0, 100, {30, 60});
  EXPECT_DOUBLE_EQ(schedule.at(29), 2.0);
  EXPECT_DOUBLE_EQ(schedule.at(30), 0.5);
  EXPECT_DOUBLE_EQ(schedule.at(32), 1.5);
  EXPECT_DOUBLE_EQ(schedule.at(33), 2.0);
  EXPECT_DOUBLE_EQ(schedule.at(59), 2.0);
  EXPECT_DOUBLE_EQ(schedule.at(60), 0.5);
  EXPECT_DOUBLE_EQ(Schedule({.decay = Decay::kConstant}, 2.0, 100, {30}).at(30), 2.0);
}

std::vector<std::string> mistakes(const ScheduleConfig& config) {
  config::Checks checks([](std::string_view) { return "here"; });
  config.check(checks);
  return checks.messages();
}

TEST(ScheduleConfig, RefusesWhatHasNoEffect) {
  EXPECT_THAT(mistakes({.warmup_steps = 10}), ::testing::IsEmpty());
  EXPECT_THAT(mistakes({.decay = Decay::kConstant, .power = 2, .end_learning_rate = 1}), ::testing::SizeIs(2));
  EXPECT_THAT(mistakes({.decay = Decay::kLinear, .power = 2}),
              ::testing::ElementsAre("here: schedule.power: has no effect unless decay is polynomial"));
}

TEST(ScheduleReport, SaysThatTheRunEndsInWarmUp) {
  EXPECT_THAT(summarise(Schedule({.warmup_steps = 100}, 1.0, 20)),
              ::testing::HasSubstr("which the run ends in: the highest rate is 0.19"));
  EXPECT_THAT(summarise(Schedule({.warmup_steps = 19}, 1.0, 20)), ::testing::Not(::testing::HasSubstr("ends in")));
}

TEST(ScheduleReport, SaysWhatHappensAndWhen) {
  const std::string text = describe(Schedule({.warmup_steps = 3125}, kPeak, 125'000));
  EXPECT_THAT(text,
              ::testing::HasSubstr("125000 updates, learning rate 0.00176: 3125 updates of linear warm-up from 0"));
  EXPECT_THAT(text, ::testing::ContainsRegex("\n +1 +0 +0.00%\n"));
  EXPECT_THAT(text, ::testing::ContainsRegex("\n +3125 +0.00175944 +99.97%  highest\n"));
  EXPECT_THAT(text, ::testing::ContainsRegex("\n +3126 +0.001716 +97.50%  first after warm-up\n"));
  EXPECT_THAT(text, ::testing::ContainsRegex("\n +125000 +1.408e-08 +0.00%  last\n"));
}

TEST(ScheduleReport, SurvivesTheShortestRuns) {
  for (const std::int64_t total : {1, 2, 3}) {
    for (const std::int64_t warmup : {std::int64_t{0}, std::int64_t{1}, total}) {
      EXPECT_THAT(describe(Schedule({.warmup_steps = warmup}, kPeak, total)), ::testing::HasSubstr("last"))
          << total << ' ' << warmup;
    }
  }
  EXPECT_THAT(describe(Schedule({}, 0.0, 5)), ::testing::HasSubstr("learning rate"));
}

OptimizerConfig with_rate(Rule rule, double rate) {
  OptimizerConfig config;
  config.name = rule;
  config.learning_rate = rate;
  return config;
}

TEST(LearningRateRule, IsTheRootOfTheBatch) {
  EXPECT_DOUBLE_EQ(rule_of_thumb(Rule::kLamb, 4096), 0.00176);
  EXPECT_DOUBLE_EQ(rule_of_thumb(Rule::kLamb, 1024), 0.00088);
  EXPECT_DOUBLE_EQ(rule_of_thumb(Rule::kAdamW, 256), 1e-4);
}

TEST(LearningRateRule, WarnsWhenFarFromIt) {
  EXPECT_FALSE(learning_rate_warning(with_rate(Rule::kLamb, 0.00176), 4096, 768));
  EXPECT_FALSE(learning_rate_warning(with_rate(Rule::kLamb, 5e-4), 64, 768));
  // The rate of batch 4096 kept at batch 512: google-research/albert issue 29.
  const auto warning = learning_rate_warning(with_rate(Rule::kLamb, 0.00176), 512, 768);
  ASSERT_TRUE(warning);
  EXPECT_THAT(
      *warning,
      ::testing::HasSubstr(
          "optimizer.learning_rate is 0.00176, but the square-root rule gives 0.000622 for LAMB with a batch of 512"));
  EXPECT_TRUE(learning_rate_warning(with_rate(Rule::kLamb, 1e-5), 4096, 768));
  EXPECT_FALSE(learning_rate_warning(with_rate(Rule::kAdamW, 1e-4), 64, 768));
  EXPECT_TRUE(learning_rate_warning(with_rate(Rule::kAdamW, 0.00176), 64, 768));
  EXPECT_FALSE(learning_rate_warning(with_rate(Rule::kAdamW, 0.00176), 64, 256)) << "narrow models stand higher rates";
}

}  // namespace
}  // namespace albert::optim
