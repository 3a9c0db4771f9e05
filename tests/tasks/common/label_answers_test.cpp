#include "tasks/common/label_answers.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace albert::tasks {
namespace {

using ::testing::DoubleEq;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr TableDialect kTsv{.separator = '\t', .quoted = false};
constexpr TableDialect kCsv{.separator = ',', .quoted = true};

/// Scores of which the softmax has even shares of 1 / 8.
const std::vector<float> kScores = {0, std::log(5.F), std::log(2.F)};

TEST(LabelAnswers, OneOfSeveralLabels) {
  const LabelAnswers answers(TextOutput::kClassification, {"bad", "so, so", "good"});
  const LabelAnswer answer = answers.from_scores(kScores);
  EXPECT_THAT(answer.classes, ElementsAre(1U));
  EXPECT_NEAR(answer.probabilities[1], 0.625, 1e-6);
  EXPECT_EQ(answers.prediction(answer), "so, so");
  EXPECT_EQ(answers.line(answer), "so, so\t0.625000");
  EXPECT_EQ(answers.columns(answer, kTsv), "so, so\t0.125\t0.625\t0.25");
  EXPECT_EQ(answers.json_members(answer).dump(),
            R"({"prediction":"so, so","probabilities":{"bad":0.125,"so, so":0.625,"good":0.25}})");
}

TEST(LabelAnswers, AreQuotedWhereTheTableIs) {
  const LabelAnswers answers(TextOutput::kClassification, {"bad", "so, so", "good"});
  EXPECT_THAT(answers.column_names(kTsv),
              ElementsAre("prediction", "probability_bad", "probability_so, so", "probability_good"));
  EXPECT_THAT(answers.column_names(kCsv),
              ElementsAre("prediction", "probability_bad", "\"probability_so, so\"", "probability_good"));
  EXPECT_EQ(answers.columns(answers.from_scores(kScores), kCsv), "\"so, so\",0.125,0.625,0.25");
}

TEST(LabelAnswers, OfEqualScoresTheFirstIsTaken) {
  const LabelAnswers answers(TextOutput::kClassification, {"a", "b"});
  EXPECT_EQ(answers.prediction(answers.from_scores(std::vector<float>{2, 2})), "a");
}

TEST(LabelAnswers, AnyNumberOfLabels) {
  const LabelAnswers answers(TextOutput::kMultilabel, {"a", "b", "c"}, {}, "|");
  const LabelAnswer two = answers.from_scores(std::vector<float>{0, -1, 2});
  EXPECT_THAT(two.classes, ElementsAre(0U, 2U)) << "a probability of the threshold is enough";
  EXPECT_THAT(two.probabilities[0], DoubleEq(0.5));
  EXPECT_THAT(two.probabilities[2], DoubleNear(1 / (1 + std::exp(-2.0)), 1e-7));
  EXPECT_EQ(answers.prediction(two), "a|c");
  EXPECT_EQ(answers.line(two), "a|c\t0.500000,0.880797");
  EXPECT_EQ(answers.columns(two, kTsv), "a|c\t0.5\t0.26894143\t0.8807971");
  EXPECT_EQ(answers.json_members(two).dump(),
            R"({"prediction":["a","c"],"probabilities":{"a":0.5,"b":0.26894143,"c":0.8807971}})");
  const LabelAnswer none = answers.from_scores(std::vector<float>{-1, -1, -1});
  EXPECT_THAT(none.classes, IsEmpty());
  EXPECT_EQ(answers.line(none), "");
  EXPECT_EQ(answers.json_members(none)["prediction"], nlohmann::json::array());
}

TEST(LabelAnswers, AThresholdMayBeHigher) {
  const LabelAnswers answers(TextOutput::kMultilabel, {"a", "b"}, {.thresholds = {0.9}});
  EXPECT_EQ(answers.prediction(answers.from_scores(std::vector<float>{2, 3})), "b");
  const LabelAnswers each(TextOutput::kMultilabel, {"a", "b"}, {.thresholds = {0.8, 0.99}});
  EXPECT_EQ(each.prediction(each.from_scores(std::vector<float>{2, 3})), "a");
  const LabelAnswers classes(TextOutput::kClassification, {"a", "b"}, {.thresholds = {0.8}});
  EXPECT_EQ(classes.prediction(classes.from_scores(std::vector<float>{0, 1})), "a") << "0.73 is too little";
  EXPECT_EQ(classes.prediction(classes.from_scores(std::vector<float>{0, 2})), "b");
}

TEST(LabelAnswers, AreAsSureAsTheTemperatureSays) {
  const LabelAnswers answers(TextOutput::kClassification, {"a", "b"}, {.temperature = 2});
  EXPECT_NEAR(answers.from_scores(std::vector<float>{0, 2}).probabilities[1], 1 / (1 + std::exp(-1.0)), 1e-7);
  const LabelAnswers sets(TextOutput::kMultilabel, {"a"}, {.temperature = 2});
  EXPECT_NEAR(sets.from_scores(std::vector<float>{-2}).probabilities[0], 1 / (1 + std::exp(1.0)), 1e-7);
}

TEST(LabelAnswers, ANumber) {
  const LabelAnswers answers(TextOutput::kRegression, {});
  const LabelAnswer answer = answers.from_scores(std::vector<float>{3.14159274F});
  EXPECT_THAT(answer.probabilities, IsEmpty());
  EXPECT_EQ(answers.prediction(answer), "3.1415927");
  EXPECT_EQ(answers.line(answer), "3.1415927");
  EXPECT_EQ(answers.columns(answer, kTsv), "3.1415927");
  EXPECT_THAT(answers.column_names(kTsv), ElementsAre("prediction"));
  EXPECT_EQ(answers.json_members(answer).dump(), R"({"prediction":3.1415927})");
}

}  // namespace
}  // namespace albert::tasks
