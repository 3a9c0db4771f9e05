#include "tasks/tokens/sentence_set.h"

#include <cmath>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/fake_tokenizer.h"

namespace albert::tasks {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Words of FakeTokenizer are numbers; "7+8+9" is a word of three pieces, and "x" leaves nothing.
SentenceSet make(std::int64_t max_length = 512, std::int64_t stride = 4) {
  return {std::make_shared<albert::testing::FakeTokenizer>(), max_length, stride};
}

TEST(SentenceSet, AWordIsReadAtItsFirstPiece) {
  SentenceSet set = make();
  const std::vector<std::string> words = {"7", "8+9+10", "11"};
  const std::vector<std::size_t> labels = {0, 2, 1};
  set.add(words, labels);
  ASSERT_EQ(set.num_items(), 1U);
  const model::Item& item = set.item(0);
  EXPECT_THAT(item.sequences[0].token_ids, ElementsAre(2, 7, 8, 9, 10, 11, 3));
  EXPECT_EQ(item.sequences[0].first_length, 7);
  EXPECT_THAT(item.positions, ElementsAre(1, 2, 5));
  EXPECT_THAT(item.labels, ElementsAre(0, 2, 1));
}

TEST(SentenceSet, TheHighestScoreIsChosen) {
  SentenceSet set = make();
  const std::vector<std::string> words = {"7", "8"};
  set.add(words, {});
  EXPECT_THAT(set.item(0).labels, IsEmpty());
  set.take_scores(0, std::vector<float>{0, 3, 0, 2, 1, 0});
  EXPECT_EQ(set.choices(0)[0]->label, 1U);
  EXPECT_NEAR(set.choices(0)[0]->probability, std::exp(3) / (2 + std::exp(3)), 1e-6);
  EXPECT_EQ(set.choices(0)[1]->label, 0U);
  EXPECT_THROW(set.take_scores(0, std::vector<float>{1, 2, 3}), InternalError);
}

TEST(SentenceSet, WordsWithoutPiecesHaveNoChoice) {
  SentenceSet set = make();
  set.add(std::vector<std::string>{"x", "7", "y"}, std::vector<std::size_t>{0, 1, 0});
  set.add(std::vector<std::string>{"x"}, std::vector<std::size_t>{0});
  set.add(std::vector<std::string>{"8"}, std::vector<std::size_t>{1});
  EXPECT_EQ(set.num_empty_words(), 3);
  ASSERT_EQ(set.num_items(), 2U);
  EXPECT_THAT(set.item(0).positions, ElementsAre(1));
  EXPECT_THAT(set.item(0).labels, ElementsAre(1));
  set.take_scores(0, std::vector<float>{0, 1});
  set.take_scores(1, std::vector<float>{1, 0});
  EXPECT_FALSE(set.choices(0)[0].has_value());
  EXPECT_EQ(set.choices(0)[1]->label, 1U);
  EXPECT_FALSE(set.choices(1)[0].has_value());
  EXPECT_EQ(set.choices(2)[0]->label, 0U);
}

/// Every word of a long sentence is in one item, with as much around it as its windows can give.
TEST(SentenceSet, EveryWordOfALongSentenceIsReadOnceWhereMostIsAroundIt) {
  constexpr std::size_t kCapacity = 10;
  SentenceSet set = make(kCapacity + 2, 3);
  std::vector<std::string> words;
  std::vector<std::size_t> labels;
  for (std::size_t i = 0; i < 40; ++i) {
    words.emplace_back(i % 5 == 0 ? "7+8" : "9");
    labels.push_back(i);
  }
  set.add(words, labels);
  EXPECT_EQ(set.num_long(), 1);
  const std::size_t num_pieces = 48;
  std::set<std::int64_t> seen;
  for (std::size_t i = 0; i < set.num_items(); ++i) {
    const model::Item& item = set.item(i);
    EXPECT_LE(item.num_tokens(), 12);
    for (std::size_t p = 0; p < item.positions.size(); ++p) {
      const auto word = static_cast<std::size_t>(item.labels[p]);
      EXPECT_TRUE(seen.insert(item.labels[p]).second) << word;
      const std::size_t piece = word + (word + 4) / 5;
      const auto before = static_cast<std::size_t>(item.positions[p] - 1);
      const std::size_t after = static_cast<std::size_t>(item.num_tokens()) - 3 - before;
      // At an end of the sentence there is no more to see; elsewhere a window of 10 by steps of 3 leaves at least 3.
      EXPECT_GE(before, std::min<std::size_t>(piece, 3)) << word;
      EXPECT_GE(after, std::min<std::size_t>(num_pieces - 1 - piece, 3)) << word;
    }
  }
  EXPECT_EQ(seen.size(), words.size());
}

TEST(SentenceSet, AWordLongerThanAWindowIsTaggedOnce) {
  SentenceSet set = make(8, 6);
  std::string giant = "7";
  for (int i = 0; i < 30; ++i) giant += "+8";
  set.add(std::vector<std::string>{giant, "9"}, std::vector<std::size_t>{4, 5});
  std::vector<std::int64_t> labels;
  for (std::size_t i = 0; i < set.num_items(); ++i) {
    labels.insert(labels.end(), set.item(i).labels.begin(), set.item(i).labels.end());
  }
  EXPECT_THAT(labels, ElementsAre(4, 5));
}

TEST(SentenceSet, ClearedItIsAsNew) {
  SentenceSet set = make();
  set.add(std::vector<std::string>{"7"}, {});
  set.clear();
  EXPECT_EQ(set.num_items(), 0U);
  EXPECT_EQ(set.num_sentences(), 0U);
  set.add(std::vector<std::string>{"8", "9"}, {});
  set.take_scores(0, std::vector<float>{0, 1, 1, 0});
  EXPECT_EQ(set.choices(0).size(), 2U);
  EXPECT_EQ(set.choices(0)[1]->label, 0U);
}

}  // namespace
}  // namespace albert::tasks
