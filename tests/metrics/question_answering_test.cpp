#include "metrics/question_answering.h"

#include <array>

#include <gtest/gtest.h>

namespace albert::metrics {
namespace {

double figure(const Report& report, const char* name) {
  return find(report.figures, name).value();
}

TEST(JudgeAnswers, InPercent) {
  const std::array questions{JudgedQuestion{.score = {1, 1}}, JudgedQuestion{.score = {0, 0.5}},
                             JudgedQuestion{.score = {0, 0}}, JudgedQuestion{.score = {1, 1}}};
  const Report report = judge_answers(questions);
  EXPECT_DOUBLE_EQ(figure(report, "exact_match"), 50);
  EXPECT_DOUBLE_EQ(figure(report, "f1"), 62.5);
}

// Two questions with an answer, of which one is predicted half right; three without, of which one is left unanswered.
const std::array kQuestions{JudgedQuestion{.score = {1, 1}, .has_answer = true, .answered = true},
                            JudgedQuestion{.score = {0, 0.5}, .has_answer = true, .answered = true},
                            JudgedQuestion{.score = {0, 0}, .has_answer = false, .answered = true},
                            JudgedQuestion{.score = {1, 1}, .has_answer = false, .answered = false},
                            JudgedQuestion{.score = {0, 0}, .has_answer = false, .answered = true}};

TEST(JudgeAnswersOrNone, ByWhetherThereIsAnAnswer) {
  const Report report = judge_answers_or_none(kQuestions, {});
  EXPECT_DOUBLE_EQ(figure(report, "exact_match"), 40);
  EXPECT_DOUBLE_EQ(figure(report, "f1"), 50);
  EXPECT_DOUBLE_EQ(figure(report, "has_answer_f1"), 75);
  EXPECT_DOUBLE_EQ(figure(report, "no_answer_exact_match"), 100.0 / 3);
  EXPECT_EQ(find(report.figures, "best_f1"), std::nullopt);
}

TEST(JudgeAnswersOrNone, WithoutUnanswerableQuestionsTheirFiguresAreAbsent) {
  const Report report = judge_answers_or_none(std::span(kQuestions).first(2), {});
  EXPECT_EQ(find(report.figures, "no_answer_f1"), std::nullopt);
  EXPECT_DOUBLE_EQ(figure(report, "has_answer_f1"), figure(report, "f1"));
}

TEST(JudgeAnswersOrNone, TheBestThresholdOfTheOdds) {
  // Nothing answered: 3 right. Up the odds: + 1 (right), + 0.5 (half right) = 4.5, then - 1 for each wrong answer.
  const std::array<NullOdds, 5> odds{{{0, -4}, {1, -1}, {2, 0.5}, {3, 0.75}, {4, 0.9}}};
  const Report report = judge_answers_or_none(kQuestions, odds);
  EXPECT_DOUBLE_EQ(figure(report, "best_f1"), 90);
  EXPECT_DOUBLE_EQ(figure(report, "best_f1_threshold"), -1);
  EXPECT_DOUBLE_EQ(figure(report, "best_exact_match"), 80);
  EXPECT_DOUBLE_EQ(figure(report, "best_exact_match_threshold"), -4);
}

TEST(JudgeAnswersOrNone, EqualOddsKeepTheOrderOfTheirFile) {
  const std::array<NullOdds, 2> right_first{{{0, 0.5}, {2, 0.5}}};
  const std::array<NullOdds, 2> wrong_first{{{2, 0.5}, {0, 0.5}}};
  EXPECT_DOUBLE_EQ(figure(judge_answers_or_none(kQuestions, right_first), "best_f1"), 80);
  EXPECT_DOUBLE_EQ(figure(judge_answers_or_none(kQuestions, wrong_first), "best_f1"), 60);
}

TEST(JudgeAnswersOrNone, OddsAboveTheThresholdTakeThePredictionBack) {
  const std::array<NullOdds, 5> odds{{{0, 1.0}, {1, 1.5}, {2, 1.5}, {3, 0}, {4, 0}}};
  const Report report = judge_answers_or_none(kQuestions, odds);
  EXPECT_DOUBLE_EQ(figure(report, "exact_match"), 60);  // 0, 2 and 3
  EXPECT_DOUBLE_EQ(figure(report, "has_answer_f1"), 50);
  EXPECT_DOUBLE_EQ(figure(judge_answers_or_none(kQuestions, odds, {.threshold = 2}), "exact_match"), 40);
}

TEST(BestThreshold, IsZeroIfNoAnswerHelps) {
  const std::array<NullOdds, 1> odds{{{2, -1}}};
  const std::array scores{1.0, 0.5, 0.0, 1.0, 0.0};
  const BestThreshold best = best_threshold(kQuestions, scores, odds);
  EXPECT_EQ(best.threshold, 0);
  EXPECT_DOUBLE_EQ(best.score, 0.6);
}

}  // namespace
}  // namespace albert::metrics
