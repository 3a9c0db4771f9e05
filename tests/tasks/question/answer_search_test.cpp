#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/fake_tokenizer.h"
#include "tasks/question/answers.h"

namespace albert::tasks {
namespace {

// Ten tokens, 10 to 19, two bytes each with a space between.
const std::string kContext = "10 11 12 13 14 15 16 17 18 19";

using Scores = std::vector<std::pair<std::size_t, float>>;

class AnswerSearch : public ::testing::Test {
 protected:
  /// Encodes to sequences of up to 10 tokens: with a question of one token there are 6 of the context.
  void ask(const std::string& question, const std::string& context) {
    settings_.max_question_length = 4;
    settings_.stride = 3;
    QuestionEncoder encoder(tokenizer_, settings_, 10);
    encoded_ = encoder.encode({.text = question, .context = std::make_shared<const std::string>(context)},
                              Purpose::kPrediction);
    scores_.clear();
    for (std::size_t i = 0; i < encoded_->items.size(); ++i) scores_.emplace_back(2 * length_of(i), -5);
  }
  std::size_t length_of(std::size_t item) const { return static_cast<std::size_t>(encoded_->items[item].num_tokens()); }
  /// Sets scores of the plain head, which are low but for some starts and ends.
  void set(std::size_t item, const Scores& starts, const Scores& ends) {
    for (const auto& [token, score] : starts) scores_[item][token] = score;
    for (const auto& [token, score] : ends) scores_[item][length_of(item) + token] = score;
  }
  QuestionAnswer answer() const { return answer_question(settings_, encoded_->items, encoded_->trace, scores_); }

  static std::string given(const QuestionAnswer& answer) { return std::string(answer.text_of(answer.given.span)); }
  static std::string nth(const QuestionAnswer& answer, std::size_t n) {
    return std::string(answer.text_of(answer.n_best.at(n).span));
  }

  testing::FakeTokenizer tokenizer_;
  QuestionSettings settings_;
  std::optional<Encoded<QuestionTrace>> encoded_;
  std::vector<std::vector<float>> scores_;  ///< by window
};

TEST_F(AnswerSearch, AnswersAreCutFromTheContext) {
  ask("50", "10\n11,  12 13");
  set(0, {{4, 5}, {3, 1}}, {{5, 5}});
  const QuestionAnswer found = answer();
  EXPECT_EQ(given(found), "11,  12");
  EXPECT_EQ(nth(found, 1), "10\n11,  12");
  EXPECT_GT(found.given.probability, 0.9);
  EXPECT_EQ(found.text, encoded_->trace.context->text) << "shared";
}

TEST_F(AnswerSearch, AStartCountsInTheWindowThatShowsItBest) {
  ask("50", kContext);
  // The token 15 is the last of window 0 and the third of window 1: window 0's high score does not count.
  set(0, {{8, 9}}, {{8, 9}});
  set(1, {{5, 5}}, {{5, 5}});
  const QuestionAnswer found = answer();
  EXPECT_EQ(given(found), "15");
  EXPECT_EQ(found.given.span.score(), 10);
  EXPECT_EQ(found.given.span.window, 1U);
}

TEST_F(AnswerSearch, TheThresholdDecidesWhetherThereIsAnAnswer) {
  settings_.no_answer = true;
  for (const double threshold : {-1.0, 1.0}) {
    settings_.null_threshold = threshold;
    ask("50", kContext);
    set(0, {{0, 4}, {4, 3}}, {{0, 3}, {4, 3}});
    set(1, {{0, 3}}, {{0, 3}});  // the least certain of there being none
    set(2, {{0, 9}}, {{0, 9}});
    const QuestionAnswer found = answer();
    EXPECT_EQ(found.null_odds, 0);
    EXPECT_EQ(found.given.span.is_none(), threshold < 0);
    EXPECT_EQ(found.text_of(found.best), "11") << "whatever the threshold is";
    const auto is_none = [](const RankedAnswer& ranked) { return ranked.span.is_none(); };
    EXPECT_EQ(std::ranges::count_if(found.n_best, is_none), 1);
  }
}

TEST_F(AnswerSearch, TheJointHeadHasItsOwnOdds) {
  settings_.no_answer = settings_.joint_head = true;
  settings_.num_starts = 2;
  settings_.num_ends = 1;
  ask("50", "10 11 12");
  const std::size_t length = length_of(0);
  std::vector<float>& scores = scores_[0];
  scores.assign(3 * length + 1, -1e30F);
  scores[4] = 2;               // start at "11", the best
  scores[3] = 1;               // start at "10"
  scores[length + 5] = 1;      // from "11": end at "12"
  scores[2 * length + 3] = 1;  // from "10": end there
  scores.back() = 0.5;
  const QuestionAnswer found = answer();
  EXPECT_EQ(found.null_odds, 0.5);
  EXPECT_TRUE(found.given.span.is_none());
  EXPECT_NEAR(found.given.probability, 1 / (1 + std::exp(-0.5)), 1e-7);
  ASSERT_EQ(found.n_best.size(), 2U);
  EXPECT_EQ(nth(found, 0), "11 12");
  EXPECT_NEAR(found.n_best[0].probability, std::exp(2) / (std::exp(2) + std::exp(1)), 1e-6);
  EXPECT_EQ(nth(found, 1), "10");
  encoded_->items[0].labels = {4, 5, 1};
  EXPECT_THROW(answer(), InternalError) << "scores of an item with labels";
}

TEST_F(AnswerSearch, AnswersFromTheContextWhereTheQuestionHasTheBestScores) {
  settings_.n_best = 2;
  // The two best starts and ends are tokens of the question; behind them 11 is the best start, 12 the best end.
  const auto ask_and_set = [&] {
    ask("50 51", "10 11 12 13");
    set(0, {{1, 9}, {2, 8}, {5, 3}}, {{1, 9}, {2, 8}, {6, 3}});
    return answer();
  };
  const QuestionAnswer found = ask_and_set();
  EXPECT_EQ(given(found), "11 12");
  EXPECT_EQ(found.given.span.score(), 6);
  EXPECT_EQ(found.n_best.size(), 2U);
  EXPECT_LT(found.given.probability, 1);
  settings_.no_answer = true;  // then such scores say that there is none
  const QuestionAnswer none = ask_and_set();
  EXPECT_TRUE(none.given.span.is_none());
  EXPECT_EQ(none.n_best.size(), 1U);
}

// The official rule has an answer in window 1: what it overlooks in window 0 does not compete with it.
TEST_F(AnswerSearch, WhatTheOfficialRuleOverlooksCountsOnlyWhereItFindsNothing) {
  settings_.n_best = 1;
  ask("50", kContext);
  set(0, {{1, 9}, {3, 8}}, {{1, 9}, {3, 8}});
  set(1, {{5, 1}}, {{5, 1}});
  set(2, {{1, 9}}, {{1, 9}});
  EXPECT_EQ(given(answer()), "15");
  EXPECT_EQ(answer().n_best.size(), 1U);
}

TEST_F(AnswerSearch, AContextWithoutTokensHasNoAnswer) {
  ask("50", "...");
  EXPECT_TRUE(answer().given.span.is_none());
}

TEST_F(AnswerSearch, ScoresMustBeAsManyAsTokens) {
  ask("50", kContext);
  scores_[2].pop_back();
  EXPECT_THROW(answer(), InternalError);
}

}  // namespace
}  // namespace albert::tasks
