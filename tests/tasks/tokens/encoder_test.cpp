#include "tasks/tokens/encoder.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/fake_tokenizer.h"
#include "tasks/tokens/answers.h"

namespace albert::tasks {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;

/// Words of FakeTokenizer are numbers; "7+8+9" is a word of three pieces, and "x" leaves nothing.
class TokenEncoding : public ::testing::Test {
 protected:
  TokenEncoding() {
    for (int i = 0; i < 40; ++i) labels_.push_back("T" + std::to_string(i));
  }

  TokenEncoder make(std::int64_t max_length = 512, std::int64_t stride = 4) const {
    return {tokenizer_, labels_, max_length, stride};
  }

  /// \param classes of each word; none: the sentence has no tags
  Encoded<TokenEncoder::Trace> encode(TokenEncoder& encoder, std::vector<std::string> words,
                                      const std::vector<std::size_t>& classes = {}) const {
    TaggedSentence sentence{.place = {}, .words = std::move(words)};
    for (const std::size_t c : classes) sentence.tags.push_back(labels_[c]);
    return *encoder.encode(sentence, Purpose::kTraining);
  }

  testing::FakeTokenizer tokenizer_;
  std::vector<std::string> labels_;
};

TEST_F(TokenEncoding, AWordIsReadAtItsFirstPiece) {
  TokenEncoder encoder = make();
  const auto encoded = encode(encoder, {"7", "8+9+10", "11"}, {0, 2, 1});
  ASSERT_THAT(encoded.items, SizeIs(1));
  const model::Item& item = encoded.items[0];
  EXPECT_THAT(item.sequences[0].token_ids, ElementsAre(2, 7, 8, 9, 10, 11, 3));
  EXPECT_EQ(item.sequences[0].first_length, 7);
  EXPECT_THAT(item.positions, ElementsAre(1, 2, 5));
  EXPECT_THAT(item.labels, ElementsAre(0, 2, 1));
  EXPECT_THAT(encode(encoder, {"7", "8"}).items[0].labels, IsEmpty());
}

TEST_F(TokenEncoding, WordsWithoutPiecesAreNotRead) {
  TokenEncoder encoder = make();
  const auto encoded = encode(encoder, {"x", "7", "y"}, {0, 1, 0});
  ASSERT_THAT(encoded.items, SizeIs(1));
  EXPECT_THAT(encoded.items[0].positions, ElementsAre(1));
  EXPECT_THAT(encoded.items[0].labels, ElementsAre(1));
  EXPECT_THAT(encoded.trace.words, ElementsAre(1U));
  EXPECT_EQ(encoded.trace.num_words, 3U);
  const auto nothing = encode(encoder, {"x"}, {0});
  EXPECT_THAT(nothing.items, IsEmpty());
  EXPECT_EQ(nothing.trace.num_words, 1U);
  EXPECT_EQ(encoder.num_empty_words(), 3);
}

/// Every word of a long sentence is in one item, with as much around it as its windows can give.
TEST_F(TokenEncoding, EveryWordOfALongSentenceIsReadOnceWhereMostIsAroundIt) {
  constexpr std::size_t kCapacity = 10;
  TokenEncoder encoder = make(kCapacity + 2, 3);
  std::vector<std::string> words;
  std::vector<std::size_t> classes;
  for (std::size_t i = 0; i < 40; ++i) {
    words.emplace_back(i % 5 == 0 ? "7+8" : "9");
    classes.push_back(i);
  }
  const auto encoded = encode(encoder, words, classes);
  EXPECT_EQ(encoder.num_long(), 1);
  const std::size_t num_pieces = 48;
  std::vector<std::size_t> seen;
  for (const model::Item& item : encoded.items) {
    EXPECT_LE(item.num_tokens(), 12);
    for (std::size_t p = 0; p < item.positions.size(); ++p) {
      const auto word = static_cast<std::size_t>(item.labels[p]);
      seen.push_back(word);
      const std::size_t piece = word + (word + 4) / 5;
      const auto before = static_cast<std::size_t>(item.positions[p] - 1);
      const std::size_t after = static_cast<std::size_t>(item.num_tokens()) - 3 - before;
      // At an end of the sentence there is no more to see; elsewhere a window of 10 by steps of 3 leaves at least 3.
      EXPECT_GE(before, std::min<std::size_t>(piece, 3)) << word;
      EXPECT_GE(after, std::min<std::size_t>(num_pieces - 1 - piece, 3)) << word;
    }
  }
  EXPECT_EQ(encoded.trace.words, seen);
  EXPECT_EQ(seen.size(), words.size());
  EXPECT_EQ(std::set<std::size_t>(seen.begin(), seen.end()).size(), words.size());
}

TEST_F(TokenEncoding, AWordLongerThanAWindowIsTaggedOnce) {
  TokenEncoder encoder = make(8, 6);
  std::string giant = "7";
  for (int i = 0; i < 30; ++i) giant += "+8";
  std::vector<std::int64_t> labels;
  for (const model::Item& item : encode(encoder, {giant, "9"}, {4, 5}).items) {
    labels.insert(labels.end(), item.labels.begin(), item.labels.end());
  }
  EXPECT_THAT(labels, ElementsAre(4, 5));
}

TEST_F(TokenEncoding, TheHighestScoreIsChosen) {
  TokenEncoder encoder = make();
  const auto [items, trace] = encode(encoder, {"7", "x", "8"});
  const std::vector<std::string> labels = {"A", "B", "C"};
  const TagAnswer answer = choose_tags(items, trace, std::vector<std::vector<float>>{{0, 3, 0, 2, 1, 0}}, labels, "-");
  EXPECT_THAT(answer.tags, ElementsAre("B", "-", "A"));
  EXPECT_THAT(answer.probabilities[0], Optional(::testing::DoubleNear(std::exp(3) / (2 + std::exp(3)), 1e-6)));
  EXPECT_EQ(answer.probabilities[1], std::nullopt);
  EXPECT_THROW(choose_tags(items, trace, std::vector<std::vector<float>>{{1, 2, 3}}, labels, "-"), InternalError);
}

TEST_F(TokenEncoding, AWordHasTheTagOfTheItemThatTagsIt) {
  TokenEncoder encoder = make(6, 2);
  const auto [items, trace] = encode(encoder, {"x", "7", "8", "10", "11", "13", "14"});
  ASSERT_GT(items.size(), 1U);
  std::vector<std::vector<float>> scores;
  std::vector<std::string> expected = {"A"};
  for (const model::Item& item : items) {
    for (std::size_t p = 0; p < item.positions.size(); ++p) expected.emplace_back(scores.empty() ? "A" : "B");
    const bool is_first = scores.empty();
    scores.emplace_back();
    for (std::size_t p = 0; p < item.positions.size(); ++p) {
      scores.back().insert(scores.back().end(), {is_first ? 1.F : 0.F, is_first ? 0.F : 1.F});
    }
  }
  EXPECT_EQ(choose_tags(items, trace, scores, {"A", "B"}, "A").tags, expected);
  EXPECT_THAT(choose_tags({}, {.words = {}, .num_words = 2}, {}, {"A", "B"}, "B").tags, ElementsAre("B", "B"));
}

}  // namespace
}  // namespace albert::tasks
