#include "tasks/question/answer_ranking.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "base/random.h"

namespace albert::tasks {
namespace {

const std::string kContext = "ab ab abc ab bc abc";

AnswerSpan span_of(std::uint32_t begin, std::uint32_t end, float start, float ending, std::uint32_t window = 0) {
  return {.begin = begin, .end = end, .start_score = start, .end_score = ending, .window = window};
}

std::vector<AnswerSpan> random_spans(Random& random, std::size_t count) {
  std::vector<AnswerSpan> spans;
  const auto size = static_cast<std::uint32_t>(kContext.size());
  while (spans.size() < count) {
    const std::uint32_t begin = random.below(size);
    const std::uint32_t end = std::min(begin + 1 + random.below(5), size);
    const auto number = [&random] { return static_cast<float>(random.below(9)) - 4; };
    spans.push_back(span_of(begin, end, number(), number(), random.below(3)));
  }
  return spans;
}

/// The rule at once: sort everything, take each text once, stop at the limit (google-research/bert run_squad.py).
std::vector<AnswerSpan> reference_ranking(std::vector<AnswerSpan> spans, std::size_t limit) {
  const auto comes_before = [](const AnswerSpan& a, const AnswerSpan& b) {
    if (a.score() != b.score()) return a.score() > b.score();
    if (a.window != b.window) return a.window < b.window;
    if (a.start_score != b.start_score) return a.start_score > b.start_score;
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  };
  std::sort(spans.begin(), spans.end(), comes_before);
  std::set<std::string_view> seen;
  std::vector<AnswerSpan> best;
  for (const AnswerSpan& span : spans) {
    if (best.size() == limit) break;
    if (span.is_none() || seen.insert(span.text(kContext)).second) best.push_back(span);
  }
  return best;
}

void expect_same(const std::vector<RankedAnswer>& answers, const std::vector<AnswerSpan>& expected) {
  ASSERT_EQ(answers.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    ASSERT_EQ(answers[i].span.begin, expected[i].begin) << i;
    ASSERT_EQ(answers[i].span.end, expected[i].end) << i;
    ASSERT_EQ(answers[i].span.score(), expected[i].score()) << i;
    ASSERT_EQ(answers[i].span.window, expected[i].window) << i;
  }
}

TEST(AnswerRanking, KeepsTheBestOfEachTextInAnyOrder) {
  Random random(random_key(4, {}), 0);
  for (int round = 0; round < 200; ++round) {
    const std::size_t limit = 1 + random.below(8);
    std::vector<AnswerSpan> spans = random_spans(random, random.below(60));
    const std::vector<AnswerSpan> expected = reference_ranking(spans, limit);
    for (int order = 0; order < 3; ++order) {
      AnswerRanking ranking;
      for (const AnswerSpan& span : spans) ranking.add(span, kContext, limit);
      expect_same(ranking.n_best(limit, /*with_none=*/false), expected);
      std::rotate(spans.begin(), spans.begin() + static_cast<std::ptrdiff_t>(spans.size() / 3), spans.end());
      std::reverse(spans.begin(), spans.end());
    }
  }
}

TEST(AnswerRanking, NoAnswerIsOneOfTheAnswers) {
  Random random(random_key(5, {}), 0);
  int num_appended = 0;
  for (int round = 0; round < 200; ++round) {
    const std::size_t limit = 1 + random.below(8);
    std::vector<AnswerSpan> spans = random_spans(random, random.below(30));
    AnswerRanking ranking;
    for (const AnswerSpan& span : spans) ranking.add(span, kContext, limit);
    // The smallest of three windows, with scores that no span has.
    const auto half = static_cast<float>(random.below(16)) - 8 + 0.25F;
    ranking.add_none(half + 2, 0, 0);
    ranking.add_none(half, 0, 1);
    ranking.add_none(half + 1, 0, 2);
    const AnswerSpan none = span_of(0, 0, half, 0, 1);
    spans.push_back(none);
    std::vector<AnswerSpan> expected = reference_ranking(spans, limit);
    if (std::none_of(expected.begin(), expected.end(), [](const AnswerSpan& span) { return span.is_none(); })) {
      expected.push_back(none);
      ++num_appended;
    }
    expect_same(ranking.n_best(limit, /*with_none=*/true), expected);
    const auto best = ranking.best();
    EXPECT_EQ(ranking.null_odds(), none.score() - (best ? best->score() : AnswerRanking::kNoSpanScore));
  }
  EXPECT_GT(num_appended, 20);
}

TEST(AnswerRanking, ProbabilitiesAreASoftmax) {
  AnswerRanking ranking;
  ranking.add(span_of(0, 2, 1, 1), kContext, 20);
  ranking.add(span_of(6, 9, 0, 1), kContext, 20);
  ranking.add_none(0, 0, 0);
  const std::vector<RankedAnswer> answers = ranking.n_best(20, true);
  ASSERT_EQ(answers.size(), 3U);
  const double sum = std::exp(2) + std::exp(1) + 1;
  EXPECT_NEAR(answers[0].probability, std::exp(2) / sum, 1e-7);
  EXPECT_NEAR(answers[1].probability, std::exp(1) / sum, 1e-7);
  EXPECT_TRUE(answers[2].span.is_none());
}

TEST(AnswerRanking, WithoutAnySpanThereIsNoAnswer) {
  AnswerRanking ranking;
  ranking.add_none(-3, 1, 0);
  EXPECT_FALSE(ranking.best());
  EXPECT_TRUE(ranking.n_best(20, false).empty());
  EXPECT_GT(ranking.null_odds(), 1e6) << "above every threshold";
}

}  // namespace
}  // namespace albert::tasks
