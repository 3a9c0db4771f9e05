#include "tasks/question/set.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/fake_tokenizer.h"

namespace albert::tasks {
namespace {

using ::testing::ElementsAre;
using testing::FakeTokenizer;

// Ten tokens, 10 to 19, two bytes each with a space between.
const std::string kContext = "10 11 12 13 14 15 16 17 18 19";

/// Sequences of up to 10 tokens: with a question of one token there are 6 of the context.
QuestionSet make_set(QuestionConfig config = {}) {
  config.max_question_length = std::min<std::int64_t>(config.max_question_length, 4);
  config.stride = 3;
  return {std::make_shared<FakeTokenizer>(), config, 10};
}

std::vector<GoldAnswer> gold(const std::string& text) {
  return {{text, kContext.find(text)}};
}

/// Scores of the plain head that are 0 but for some starts and ends.
std::vector<float> scores_with(const QuestionSet& set, std::size_t item,
                               const std::vector<std::pair<std::size_t, float>>& starts,
                               const std::vector<std::pair<std::size_t, float>>& ends) {
  const auto length = static_cast<std::size_t>(set.item(item).num_tokens());
  std::vector<float> scores(2 * length, -5);
  for (const auto& [token, score] : starts) scores[token] = score;
  for (const auto& [token, score] : ends) scores[length + token] = score;
  return scores;
}

std::string text_of(const QuestionSet& set, std::size_t question, const AnswerSpan& span) {
  return std::string(span.text(set.context_of(question)));
}

TEST(QuestionSet, WindowsHoldQuestionAndPartOfTheContext) {
  QuestionSet set = make_set();
  EXPECT_TRUE(set.add_question("50", set.add_context(kContext)));
  ASSERT_EQ(set.num_items(), 3U);
  EXPECT_THAT(set.item(0).sequences[0].token_ids, ElementsAre(2, 50, 3, 10, 11, 12, 13, 14, 15, 3));
  EXPECT_THAT(set.item(1).sequences[0].token_ids, ElementsAre(2, 50, 3, 13, 14, 15, 16, 17, 18, 3));
  EXPECT_THAT(set.item(2).sequences[0].token_ids, ElementsAre(2, 50, 3, 16, 17, 18, 19, 3));
  EXPECT_EQ(set.item(2).sequences[0].first_length, 3);
  EXPECT_TRUE(set.item(0).labels.empty());
}

TEST(QuestionSet, LongQuestionsAreCut) {
  QuestionSet set = make_set();
  set.add_question("50 51 52 53 54 55", set.add_context("10"));
  EXPECT_THAT(set.item(0).sequences[0].token_ids, ElementsAre(2, 50, 51, 52, 53, 3, 10, 3));
  EXPECT_EQ(set.num_cut_questions(), 1);
}

TEST(QuestionSet, LabelsPointAtTheAnswerWhereAWindowHoldsAllOfIt) {
  QuestionSet set = make_set();
  const std::vector<GoldAnswer> answer = gold("15 16");
  ASSERT_TRUE(set.add_question("50", set.add_context(kContext), &answer));
  EXPECT_THAT(set.item(0).labels, ElementsAre(0, 0)) << "the window ends within the answer";
  EXPECT_THAT(set.item(1).labels, ElementsAre(5, 6));
  EXPECT_THAT(set.item(2).labels, ElementsAre(0, 0)) << "the window begins within the answer";
}

TEST(QuestionSet, LabelsOfTheJointHeadSayWhetherThereIsAnAnswer) {
  QuestionSet set = make_set({.no_answer = true, .joint_head = true});
  const std::size_t context = set.add_context(kContext);
  const std::vector<GoldAnswer> answer = gold("10");
  const std::vector<GoldAnswer> none;
  ASSERT_TRUE(set.add_question("50", context, &answer));
  ASSERT_TRUE(set.add_question("50", context, &none));
  EXPECT_THAT(set.item(0).labels, ElementsAre(3, 3, 1));
  EXPECT_THAT(set.item(1).labels, ElementsAre(0, 0, 0));
  EXPECT_THAT(set.item(3).labels, ElementsAre(0, 0, 0));
}

TEST(QuestionSet, TheFirstAnswerWithAPlaceIsTheTarget) {
  QuestionSet set = make_set();
  const std::size_t context = set.add_context(kContext);
  const std::vector<GoldAnswer> answers = {{"99", std::nullopt}, {" ", 2}, {"11", 3}};
  ASSERT_TRUE(set.add_question("50", context, &answers));
  EXPECT_THAT(set.item(0).labels, ElementsAre(4, 4));
  const std::vector<GoldAnswer> nowhere = {{"99", std::nullopt}, {" ", 2}};
  EXPECT_FALSE(set.add_question("50", context, &nowhere));
  EXPECT_EQ(set.num_questions(), 1U);
}

TEST(QuestionSet, AContextIsEncodedOnce) {
  QuestionSet set = make_set();
  EXPECT_EQ(set.add_context("10 11"), 0U);
  EXPECT_EQ(set.add_context("10 11"), 0U);
  EXPECT_EQ(set.add_context("12"), 1U);
  EXPECT_EQ(set.num_contexts(), 2U);
}

TEST(QuestionSet, AnswersAreCutFromTheContext) {
  QuestionSet set = make_set();
  set.add_question("50", set.add_context("10\n11,  12 13"));
  set.take_scores(0, scores_with(set, 0, {{4, 5}, {3, 1}}, {{5, 5}}));
  const RankedAnswer answer = set.answer(0);
  EXPECT_EQ(text_of(set, 0, answer.span), "11,  12");
  EXPECT_EQ(text_of(set, 0, set.n_best(0)[1].span), "10\n11,  12");
  EXPECT_GT(answer.probability, 0.9);
}

TEST(QuestionSet, AStartCountsInTheWindowThatShowsItBest) {
  QuestionSet set = make_set();
  set.add_question("50", set.add_context(kContext));
  // The token 15 is the last of window 0 and the third of window 1: window 0's high score does not count.
  set.take_scores(0, scores_with(set, 0, {{8, 9}}, {{8, 9}}));
  set.take_scores(1, scores_with(set, 1, {{5, 5}}, {{5, 5}}));
  set.take_scores(2, scores_with(set, 2, {}, {}));
  const RankedAnswer answer = set.answer(0);
  EXPECT_EQ(text_of(set, 0, answer.span), "15");
  EXPECT_EQ(answer.span.score(), 10);
  EXPECT_EQ(answer.span.window, 1U);
}

TEST(QuestionSet, ScoresMayComeInAnyOrder) {
  QuestionSet one = make_set();
  QuestionSet other = make_set();
  for (QuestionSet* set : {&one, &other}) set->add_question("50", set->add_context(kContext));
  const auto scores_of = [&one](std::size_t i) { return scores_with(one, i, {{4, 1}, {5, 1}}, {{4, 1}, {5, 1}}); };
  for (const std::size_t i : {0, 1, 2}) one.take_scores(i, scores_of(i));
  for (const std::size_t i : {2, 0, 1}) other.take_scores(i, scores_of(i));
  const std::vector<RankedAnswer> expected = one.n_best(0);
  const std::vector<RankedAnswer> found = other.n_best(0);
  ASSERT_EQ(expected.size(), found.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(text_of(one, 0, expected[i].span), text_of(other, 0, found[i].span));
  }
}

TEST(QuestionSet, MayBeScoredAgain) {
  QuestionSet set = make_set();
  set.add_question("50", set.add_context(kContext));
  for (const std::size_t i : {0, 1, 2}) set.take_scores(i, scores_with(set, i, {{3, 9}}, {{3, 9}}));
  EXPECT_EQ(text_of(set, 0, set.answer(0).span), "10");
  for (const std::size_t i : {0, 1, 2}) set.take_scores(i, scores_with(set, i, {{4, 1}}, {{4, 1}}));
  EXPECT_EQ(text_of(set, 0, set.answer(0).span), "11") << "the scores before do not count";
}

TEST(QuestionSet, TheThresholdDecidesWhetherThereIsAnAnswer) {
  for (const double threshold : {-1.0, 1.0}) {
    QuestionSet set = make_set({.no_answer = true, .null_threshold = threshold});
    set.add_question("50", set.add_context(kContext));
    set.take_scores(0, scores_with(set, 0, {{0, 4}, {4, 3}}, {{0, 3}, {4, 3}}));
    set.take_scores(1, scores_with(set, 1, {{0, 3}}, {{0, 3}}));  // the least certain of there being none
    set.take_scores(2, scores_with(set, 2, {{0, 9}}, {{0, 9}}));
    EXPECT_EQ(set.null_odds(0), 0);
    EXPECT_EQ(set.answer(0).span.is_none(), threshold < 0);
    EXPECT_EQ(
        set.n_best(0).size(), 1 + [&] {
          std::size_t count = 0;
          for (const RankedAnswer& answer : set.n_best(0)) count += answer.span.is_none() ? 0 : 1;
          return count;
        }());
  }
}

TEST(QuestionSet, TheJointHeadHasItsOwnOdds) {
  QuestionSet set = make_set({.no_answer = true, .joint_head = true, .num_starts = 2, .num_ends = 1});
  set.add_question("50", set.add_context("10 11 12"));
  const auto length = static_cast<std::size_t>(set.item(0).num_tokens());
  std::vector<float> scores(3 * length + 1, -1e30F);
  scores[4] = 2;               // start at "11", the best
  scores[3] = 1;               // start at "10"
  scores[length + 5] = 1;      // from "11": end at "12"
  scores[2 * length + 3] = 1;  // from "10": end there
  scores.back() = 0.5;
  set.take_scores(0, scores);
  EXPECT_EQ(set.null_odds(0), 0.5);
  const RankedAnswer none = set.answer(0);
  EXPECT_TRUE(none.span.is_none());
  EXPECT_NEAR(none.probability, 1 / (1 + std::exp(-0.5)), 1e-9);
  const std::vector<RankedAnswer> n_best = set.n_best(0);
  ASSERT_EQ(n_best.size(), 2U);
  EXPECT_EQ(text_of(set, 0, n_best[0].span), "11 12");
  EXPECT_NEAR(n_best[0].probability, std::exp(2) / (std::exp(2) + std::exp(1)), 1e-6);
  EXPECT_EQ(text_of(set, 0, n_best[1].span), "10");
}

/// The two best starts and ends of window 0 are tokens of the question; behind them 11 is the best start, 12 the best
/// end.
void take_scores_for_the_question(QuestionSet& set) {
  set.add_question("50 51", set.add_context("10 11 12 13"));
  set.take_scores(0, scores_with(set, 0, {{1, 9}, {2, 8}, {5, 3}}, {{1, 9}, {2, 8}, {6, 3}}));
}

TEST(QuestionSet, AnswersFromTheContextWhereTheQuestionHasTheBestScores) {
  QuestionSet set = make_set({.n_best = 2});
  take_scores_for_the_question(set);
  EXPECT_EQ(text_of(set, 0, set.answer(0).span), "11 12");
  EXPECT_EQ(set.answer(0).span.score(), 6);
  ASSERT_EQ(set.n_best(0).size(), 2U);
  EXPECT_LT(set.answer(0).probability, 1);
}

TEST(QuestionSet, WhereThereMayBeNoAnswerScoresOfTheQuestionSaySo) {
  QuestionSet set = make_set({.n_best = 2, .no_answer = true});
  take_scores_for_the_question(set);
  EXPECT_TRUE(set.answer(0).span.is_none());
  EXPECT_EQ(set.n_best(0).size(), 1U);
}

// The official rule has an answer in window 1: what it overlooks in window 0 does not compete with it.
TEST(QuestionSet, WhatTheOfficialRuleOverlooksCountsOnlyWhereItFindsNothing) {
  for (const bool is_found_first : {false, true}) {
    QuestionSet set = make_set({.n_best = 1});
    set.add_question("50", set.add_context(kContext));
    const auto take = [&set](std::size_t window, const auto& starts, const auto& ends) {
      set.take_scores(window, scores_with(set, window, starts, ends));
    };
    using Scores = std::vector<std::pair<std::size_t, float>>;
    if (is_found_first) take(1, Scores{{5, 1}}, Scores{{5, 1}});
    take(0, Scores{{1, 9}, {3, 8}}, Scores{{1, 9}, {3, 8}});
    if (!is_found_first) take(1, Scores{{5, 1}}, Scores{{5, 1}});
    take(2, Scores{{1, 9}}, Scores{{1, 9}});
    EXPECT_EQ(text_of(set, 0, set.answer(0).span), "15");
    EXPECT_EQ(set.n_best(0).size(), 1U);
  }
}

TEST(QuestionSet, AContextWithoutTokensHasNoAnswer) {
  QuestionSet set = make_set();
  set.add_question("50", set.add_context("..."));
  ASSERT_EQ(set.num_items(), 1U);
  EXPECT_THAT(set.item(0).sequences[0].token_ids, ElementsAre(2, 50, 3, 3));
  set.take_scores(0, scores_with(set, 0, {}, {}));
  EXPECT_TRUE(set.answer(0).span.is_none());
}

}  // namespace
}  // namespace albert::tasks
