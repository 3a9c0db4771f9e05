#include "inference/attribution.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "model/initialize.h"
#include "support/fake_tokenizer.h"
#include "support/small_model.h"

namespace albert::inference {
namespace {

constexpr double kRoundings = 1e-5;  // of float32 scores of about 1

class AttributionTest : public ::testing::Test {
 protected:
  AttributionTest() {
    config_.initializer_range = 0.3;  // far from a linear model, so that one gradient says little
    model_ = model::make_task_model(config_, {.kind = model::HeadKind::kClassification, .num_labels = 3}, {});
    model::initialize(*model_, config_, 1);
    item_.sequences = {{{2, 17, 30, 41, 3, 52, 9, 3}, 5}};
  }

  Attribution attribute(const AttributionOptions& options = {}, std::size_t score = 1) const {
    return inference::attribute(*model_, testing::FakeTokenizer().special(), item_, score, options);
  }
  static double gap(const Attribution& found) { return std::abs(found.sum() - (found.score - found.baseline_score)); }

  model::AlbertConfig config_ = testing::make_model()->config();
  std::shared_ptr<model::TaskModel> model_;
  model::Item item_;
};

TEST_F(AttributionTest, WhatTokensAddIsTheDifferenceOfTheScores) {
  for (const std::uint64_t seed : {1, 3}) {
    model::initialize(*model_, config_, seed);
    const Attribution found = attribute({.num_steps = 64, .max_steps = 64});
    ASSERT_EQ(found.tokens.size(), 8u);
    const double difference = std::abs(found.score - found.baseline_score);
    ASSERT_GT(difference, 0.05) << "else there would be nothing to see";
    const double limit = 1e-4 * difference + 1e-6;  // the roundings of float32
    EXPECT_LT(gap(found), limit);
    // The gradient at one point of the way is another formula.
    EXPECT_GT(gap(attribute({.num_steps = 1, .max_steps = 1})), 50 * limit);
  }
}

TEST_F(AttributionTest, TakesAsManyPointsAsItNeeds) {
  const AttributionOptions options{.num_steps = 1, .max_steps = 256, .tolerance = 1e-3};
  const Attribution found = attribute(options);
  EXPECT_GT(found.num_steps, 1);
  EXPECT_LE(gap(found), 1e-3 * std::abs(found.score - found.baseline_score));
}

TEST_F(AttributionTest, DoesNotDependOnHowManyPointsGoThroughTheModelTogether) {
  const Attribution together = attribute({.num_steps = 16, .max_steps = 16}),
                    apart = attribute({.num_steps = 16, .max_steps = 16, .batch_tokens = 24});
  for (std::size_t i = 0; i < together.tokens.size(); ++i) EXPECT_NEAR(together.tokens[i], apart.tokens[i], kRoundings);
}

TEST_F(AttributionTest, WhatIsAsInTheBaselineAddsNothing) {
  item_.sequences[0].token_ids[2] = 0;  // [PAD] itself
  const Attribution found = attribute();
  for (const std::size_t same : {0, 2, 4, 7}) EXPECT_EQ(found.tokens[same], 0);
  for (const std::size_t other : {1, 3, 5, 6}) EXPECT_NE(found.tokens[other], 0);
}

TEST_F(AttributionTest, RefusesWhatHasNoOnePathOrNoSuchScore) {
  EXPECT_THROW(attribute({}, 3), InternalError);
  item_.sequences.push_back(item_.sequences.front());
  EXPECT_THROW(attribute(), InternalError);
}

TEST(GaussLegendre, IntegratesPolynomialsExactly) {
  for (const int count : {1, 2, 5, 32, 512}) {
    const std::vector<PathPoint> points = gauss_legendre(count);
    ASSERT_EQ(points.size(), static_cast<std::size_t>(count));
    for (int power = 0; power < std::min(2 * count, 40); ++power) {
      double sum = 0;
      for (const PathPoint& point : points) sum += point.weight * std::pow(point.at, power);
      EXPECT_NEAR(sum, 1.0 / (power + 1), 1e-13) << count << " points, x^" << power;
    }
  }
}

}  // namespace
}  // namespace albert::inference
