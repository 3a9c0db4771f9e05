#include "metrics/classification.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.h"

namespace albert::metrics {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

ConfusionMatrix counted(const std::vector<std::vector<int>>& counts) {
  ConfusionMatrix matrix(static_cast<std::int64_t>(counts.size()));
  for (std::size_t gold = 0; gold < counts.size(); ++gold) {
    for (std::size_t predicted = 0; predicted < counts.size(); ++predicted) {
      for (int i = 0; i < counts[gold][predicted]; ++i) {
        matrix.add(static_cast<std::int64_t>(gold), static_cast<std::int64_t>(predicted));
      }
    }
  }
  return matrix;
}

TEST(Classification, TwoClasses) {
  const ConfusionMatrix matrix = counted({{5, 2}, {1, 4}});
  EXPECT_DOUBLE_EQ(accuracy(matrix).value(), 9.0 / 12);
  const MatchScores positive = scores_of(class_counts(matrix, 1));
  EXPECT_DOUBLE_EQ(positive.precision, 4.0 / 6);
  EXPECT_DOUBLE_EQ(positive.recall, 4.0 / 5);
  EXPECT_DOUBLE_EQ(positive.f1, 8.0 / 11);
  // (TP TN - FP FN) / sqrt((TP + FP)(TP + FN)(TN + FP)(TN + FN))
  EXPECT_NEAR(matthews(matrix).value(), (4.0 * 5 - 2 * 1) / std::sqrt(6.0 * 5 * 7 * 6), 1e-15);
  EXPECT_DOUBLE_EQ(macro_f1(matrix).value(), (8.0 / 11 + 10.0 / 13) / 2);
}

TEST(Classification, MatthewsOfThreeClasses) {
  // By hand: correct 7 of 10, gold {4, 3, 3}, predicted {5, 3, 2}.
  const ConfusionMatrix matrix = counted({{3, 1, 0}, {1, 2, 0}, {1, 0, 2}});
  const double both = 7 * 10 - (4 * 5 + 3 * 3 + 3 * 2);
  EXPECT_NEAR(matthews(matrix).value(), both / std::sqrt((100.0 - 34) * (100.0 - 38)), 1e-15);
}

TEST(Classification, ConstantPredictionsHaveAMatthewsOfZero) {
  EXPECT_EQ(matthews(counted({{0, 3}, {0, 4}})), 0.0);
  EXPECT_EQ(matthews(counted({{3, 4}, {0, 0}})), 0.0);
}

TEST(Classification, OpposedPredictionsHaveAMatthewsOfMinusOne) {
  EXPECT_DOUBLE_EQ(matthews(counted({{0, 3}, {4, 0}})).value(), -1);
}

TEST(Classification, ClassesThatNeverOccurDoNotLowerTheMacroF1) {
  const ConfusionMatrix matrix = counted({{2, 1, 0}, {0, 1, 0}, {0, 0, 0}});
  EXPECT_DOUBLE_EQ(macro_f1(matrix).value(), (4.0 / 5 + 2.0 / 3) / 2);
}

TEST(Classification, AClassThatIsNeverRightHasScoresOfZero) {
  const MatchScores scores = scores_of(class_counts(counted({{2, 0}, {1, 0}}), 1));
  EXPECT_EQ(scores.precision, 0);
  EXPECT_EQ(scores.recall, 0);
  EXPECT_EQ(scores.f1, 0);
}

TEST(Classification, NothingJudgedNothingSaid) {
  const std::vector<std::string> labels{"no", "yes"};
  EXPECT_TRUE(judge_classification(ConfusionMatrix(2), labels).figures.empty());
}

TEST(Classification, ReportOfTwoClassesHasTheF1OfTheSecond) {
  const std::vector<std::string> labels{"no", "yes"};
  const Report report = judge_classification(counted({{5, 2}, {1, 4}}), labels);
  EXPECT_DOUBLE_EQ(find(report.figures, "f1").value(), 8.0 / 11);
  const auto json = nlohmann::json::parse(to_json(report));
  EXPECT_EQ(json["accuracy"], 0.75);
  EXPECT_EQ(json["details"]["confusion_matrix"], (std::vector<std::vector<int>>{{5, 2}, {1, 4}}));
  EXPECT_EQ(json["details"]["classes"][1]["label"], "yes");
  EXPECT_EQ(json["details"]["classes"][1]["support"], 5);
}

TEST(Classification, ReportOfMoreClassesHasNoFigureOfOneClass) {
  const std::vector<std::string> labels{"a", "b", "c"};
  const Report report = judge_classification(counted({{1, 0, 0}, {0, 1, 1}, {0, 0, 1}}), labels);
  EXPECT_EQ(find(report.figures, "f1"), std::nullopt);
  EXPECT_EQ(find(report.figures, "micro_f1"), 0.75);
}

TEST(ConfusionMatrix, RefusesClassesThatAreNot) {
  ConfusionMatrix matrix(2);
  EXPECT_THROW(matrix.add(0, 2), InternalError);
  EXPECT_THROW(matrix.add(-1, 0), InternalError);
}

TEST(ConfusionMatrix, IsShownWithRowsOfGoldLabels) {
  const std::vector<std::string> labels{"spam", "ham"};
  EXPECT_EQ(to_text(counted({{5, 2}, {1, 14}}), labels),
            "   gold \\ predicted  0   1\n"
            "0  spam              5   2\n"
            "1  ham               1  14\n");
}

TEST(ConfusionMatrix, OfManyClassesIsShownByItsConfusions) {
  ConfusionMatrix matrix(21);
  std::vector<std::string> labels;
  labels.reserve(21);
  for (int c = 0; c < 21; ++c) labels.push_back("class" + std::to_string(c));
  for (int i = 0; i < 3; ++i) matrix.add(20, 7);
  for (int i = 0; i < 2; ++i) matrix.add(3, 4);
  for (int i = 0; i < 9; ++i) matrix.add(5, 5);
  const std::string text = to_text(matrix, labels);
  EXPECT_LT(text.find("class20"), text.find("class3"));
  EXPECT_THAT(text, HasSubstr("class7"));
  EXPECT_THAT(text, Not(HasSubstr("class5")));
}

}  // namespace
}  // namespace albert::metrics
