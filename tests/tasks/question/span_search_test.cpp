#include "tasks/question/span_search.h"

#include <cmath>
#include <set>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/random.h"

namespace albert::tasks {
namespace {

using Key = std::tuple<std::size_t, std::size_t, float, float>;

std::set<Key> keys_of(const std::vector<TokenSpan>& spans) {
  std::set<Key> keys;
  for (const TokenSpan& span : spans) keys.insert({span.first, span.last, span.start_score, span.end_score});
  EXPECT_EQ(keys.size(), spans.size()) << "a span comes twice";
  return keys;
}

/// How many values come before this one.
std::size_t rank_of(std::span<const float> values, std::size_t index) {
  std::size_t rank = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] > values[index] || (values[i] == values[index] && i < index)) ++rank;
  }
  return rank;
}

/// Few values, so that there are ties.
std::vector<float> random_scores(Random& random, std::size_t count) {
  std::vector<float> scores(count);
  for (float& score : scores) score = static_cast<float>(random.below(12)) - 6;
  return scores;
}

std::vector<float> log_softmax(std::span<const float> scores) {
  double sum = 0;
  for (const float score : scores) sum += std::exp(static_cast<double>(score));
  std::vector<float> result;
  for (const float score : scores) result.push_back(static_cast<float>(score - std::log(sum)));
  return result;
}

TEST(SpanSearch, BestIndicesComeInOrder) {
  const std::vector<float> values = {1, 3, -2, 3, 0};
  EXPECT_THAT(best_indices(values, 3), ::testing::ElementsAre(1, 3, 0));
  EXPECT_THAT(best_indices(values, 9), ::testing::ElementsAre(1, 3, 0, 4, 2));
}

// The rule stated for every pair of tokens: it is a span if both are among the best of all tokens, lie in the context,
// and are as far apart as allowed.
TEST(SpanSearch, FindsThePairsOfBestStartsAndEnds) {
  Random random(random_key(2, {}), 0);
  for (int round = 0; round < 200; ++round) {
    const std::size_t length = 6 + random.below(30);
    const std::size_t begin = 2 + random.below(4);
    const SpanSearch search{.context = {begin, length - 1},
                            .num_starts = 1 + random.below(8),
                            .num_ends = 1 + random.below(8),
                            .max_answer_length = 1 + random.below(6)};
    const std::vector<float> scores = random_scores(random, 2 * length);
    const std::span starts = std::span(scores).first(length);
    const std::span ends = std::span(scores).last(length);
    std::set<Key> expected;
    for (std::size_t i = begin; i < length - 1; ++i) {
      for (std::size_t j = i; j < std::min(i + search.max_answer_length, length - 1); ++j) {
        if (rank_of(starts, i) < search.num_starts && rank_of(ends, j) < search.num_ends) {
          expected.insert({i, j, starts[i], ends[j]});
        }
      }
    }
    ASSERT_EQ(keys_of(find_spans(scores, search)), expected);
  }
}

TEST(SpanSearch, AllSpansAreThoseOfTheContext) {
  const SpanSearch search{.context = {2, 5}, .num_starts = 1, .num_ends = 1, .max_answer_length = 2};
  const std::vector<float> scores = {9, 9, 0, 1, 2, 9, 9, 9, 3, 4, 5, 9};
  EXPECT_EQ(keys_of(all_spans(scores, search)),
            (std::set<Key>{{2, 2, 0, 3}, {2, 3, 0, 4}, {3, 3, 1, 4}, {3, 4, 1, 5}, {4, 4, 2, 5}}));
  EXPECT_TRUE(find_spans(scores, search).empty());
}

TEST(SpanSearch, EndsOfTheJointHeadBelongToTheirStart) {
  Random random(random_key(3, {}), 0);
  for (int round = 0; round < 200; ++round) {
    const std::size_t length = 6 + random.below(30);
    const std::size_t begin = 2 + random.below(4);
    const SpanSearch search{.context = {begin, length - 1},
                            .num_starts = 1 + random.below(5),
                            .num_ends = 1 + random.below(5),
                            .max_answer_length = 1 + random.below(6)};
    const std::size_t num_rows = std::min(search.num_starts, length);
    const std::vector<float> scores = random_scores(random, (1 + num_rows) * length + 1);
    const std::span starts = std::span(scores).first(length);
    std::set<std::pair<std::size_t, std::size_t>> expected;
    std::vector<float> expected_starts = log_softmax(starts);
    for (std::size_t i = begin; i < length - 1; ++i) {
      const std::size_t row = rank_of(starts, i);
      if (row >= num_rows) continue;
      const std::span ends = std::span(scores).subspan((1 + row) * length, length);
      for (std::size_t j = i; j < std::min(i + search.max_answer_length, length - 1); ++j) {
        if (rank_of(ends, j) < search.num_ends) expected.insert({i, j});
      }
    }
    std::set<std::pair<std::size_t, std::size_t>> found;
    for (const TokenSpan& span : find_joint_spans(scores, length, search)) {
      found.insert({span.first, span.last});
      const std::size_t row = rank_of(starts, span.first);
      const std::vector<float> ends = log_softmax(std::span(scores).subspan((1 + row) * length, length));
      ASSERT_NEAR(span.start_score, expected_starts[span.first], 1e-5);
      ASSERT_NEAR(span.end_score, ends[span.last], 1e-5);
    }
    ASSERT_EQ(found, expected);
  }
}

TEST(SpanSearch, JointScoresHaveTheirLayout) {
  const SpanSearch search{.context = {2, 5}, .num_starts = 3};
  EXPECT_THROW(find_joint_spans(std::vector<float>(2 * 6 + 1), 6, search), InternalError);
  // Tokens outside of the context have the score -1e30, which leaves the probabilities of the others as they are.
  std::vector<float> scores(4 * 6 + 1, -1e30F);
  scores[3] = 1;
  scores[1 * 6 + 4] = 2;
  const std::vector<TokenSpan> spans = find_joint_spans(scores, 6, search);
  ASSERT_FALSE(spans.empty());
  EXPECT_EQ(spans[0].first, 3U);
  EXPECT_EQ(spans[0].last, 4U);
  EXPECT_NEAR(spans[0].start_score, 0, 1e-6);
  EXPECT_NEAR(spans[0].end_score, 0, 1e-6);
}

}  // namespace
}  // namespace albert::tasks
