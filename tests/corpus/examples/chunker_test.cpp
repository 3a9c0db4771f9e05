#include "corpus/examples/chunker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "corpus/store/shard_writer.h"
#include "support/chi_squared.h"
#include "support/random_documents.h"
#include "support/small_corpus.h"
#include "support/temporary_folder.h"

namespace albert::corpus {
namespace {

using testing::Sentences;

/// A shard of documents whose sentences have the lengths given.
class ChunkerTest : public ::testing::Test {
 protected:
  const Shard& shard_of(const std::vector<Sentences>& documents) {
    const auto records = testing::write_shards(folder_.path(), Split::kTrain, documents, {});
    shard_ = std::make_unique<Shard>(folder_.path(), records.at(0), 100);
    return *shard_;
  }

  const Shard& shard_with_lengths(const std::vector<std::vector<std::size_t>>& lengths) {
    std::vector<Sentences> documents;
    for (const auto& document : lengths) {
      documents.emplace_back();
      for (const std::size_t length : document) documents.back().emplace_back(length, 5);
    }
    return shard_of(documents);
  }

  std::vector<Chunk> chunks_of(const Shard& shard, const ChunkRules& rules, std::uint64_t key = 1) {
    const Chunker chunker(shard, rules, key);
    std::vector<Chunk> chunks;
    for (Chunker::Walk walk(chunker, 0); !walk.done();) chunks.push_back(walk.next());
    return chunks;
  }

 private:
  const testing::TemporaryFolder folder_;
  std::unique_ptr<Shard> shard_;
};

std::vector<Range> ranges_of(const std::vector<Chunk>& chunks) {
  std::vector<Range> ranges;
  for (const Chunk& chunk : chunks) ranges.push_back(chunk.tokens);
  return ranges;
}

constexpr ChunkRules kAlwaysFull{.max_tokens = 20, .short_probability = 0};

TEST_F(ChunkerTest, AddsSentencesUntilTheTargetIsReached) {
  const auto chunks = chunks_of(shard_with_lengths({{8, 8, 8, 8, 8, 9}}), kAlwaysFull);
  EXPECT_EQ(ranges_of(chunks), (std::vector<Range>{{0, 24}, {24, 49}}));
}

TEST_F(ChunkerTest, NeverCrossesADocument) {
  const auto chunks = chunks_of(shard_with_lengths({{4, 4}, {3, 3}, {15, 15}}), kAlwaysFull);
  EXPECT_EQ(ranges_of(chunks), (std::vector<Range>{{0, 8}, {8, 14}, {14, 44}}));
}

TEST_F(ChunkerTest, AddsASecondSentenceToOneThatIsLongEnough) {
  const auto chunks = chunks_of(shard_with_lengths({{20, 3, 18, 5}}), kAlwaysFull);
  EXPECT_EQ(ranges_of(chunks), (std::vector<Range>{{0, 23}, {23, 46}}));
  EXPECT_EQ(chunks[0].border, 20U);
  const auto alone =
      chunks_of(shard_with_lengths({{20, 3, 18, 5}}), {.max_tokens = 20, .short_probability = 0, .pairs = false});
  EXPECT_EQ(ranges_of(alone), (std::vector<Range>{{0, 20}, {20, 41}, {41, 46}}));
}

TEST_F(ChunkerTest, JoinsALastSentenceToTheChunkBeforeItWhereItFits) {
  ChunkRules rules{.max_tokens = 20, .short_probability = 1};
  for (std::uint64_t key = 0; key < 50; ++key) {
    for (const Chunk& chunk : chunks_of(shard_with_lengths({{2, 2, 2}}), rules, key))
      EXPECT_EQ(chunk.tokens, (Range{0, 6}));
  }
  EXPECT_EQ(ranges_of(chunks_of(shard_with_lengths({{10, 10, 2}}), kAlwaysFull)),
            (std::vector<Range>{{0, 20}, {20, 22}}));
}

TEST_F(ChunkerTest, HasNoBorderInAChunkOfOneSentence) {
  const auto chunks = chunks_of(shard_with_lengths({{7}, {1}}), kAlwaysFull);
  ASSERT_EQ(chunks.size(), 2U);
  EXPECT_EQ(chunks[0].border, chunks[0].tokens.end);
  const Chunker chunker(shard_with_lengths({{7}, {1}}), kAlwaysFull, 1);
  EXPECT_TRUE(chunker.usable(chunks[0]));
  EXPECT_FALSE(chunker.usable(chunks[1]));
}

TEST_F(ChunkerTest, GoesOnInsideASentenceLongerThanAnExample) {
  const auto chunks = chunks_of(shard_with_lengths({{5, 50, 4, 3}}), kAlwaysFull);
  EXPECT_EQ(ranges_of(chunks), (std::vector<Range>{{0, 20}, {20, 40}, {40, 62}}));
  EXPECT_EQ(chunks[0].border, 5U);
  EXPECT_EQ(chunks[1].border, 40U);
  EXPECT_THAT(chunks[2].border, ::testing::AnyOf(55U, 59U));
  const auto full = chunks_of(shard_with_lengths({{20, 21}}), kAlwaysFull);
  EXPECT_EQ(ranges_of(full), (std::vector<Range>{{0, 20}, {20, 40}, {40, 41}}));
}

class ChunkerRules : public ChunkerTest, public ::testing::WithParamInterface<ChunkRules> {};

TEST_P(ChunkerRules, CoversEveryTokenOnceAndCanBeginAtAnyChunk) {
  const Shard& shard =
      shard_of(testing::random_documents({.num_documents = 60, .max_sentences = 30, .max_sentence_tokens = 70}));
  const Chunker chunker(shard, GetParam(), 3);
  std::uint64_t expected = 0;
  for (Chunker::Walk walk(chunker, 0); !walk.done();) {
    ASSERT_EQ(walk.token(), expected);
    const std::uint64_t document = walk.document();
    const Range tokens = shard.document_tokens(document);
    Chunker::Walk again(chunker, walk.token());
    ASSERT_EQ(again.document(), document);
    const Chunk chunk = walk.next();
    ASSERT_EQ(again.next().tokens, chunk.tokens);
    ASSERT_EQ(again.token(), walk.token());
    ASSERT_EQ(again.document(), walk.document());
    EXPECT_EQ(chunk.tokens.begin, expected);
    EXPECT_GE(chunk.tokens.begin, tokens.begin);
    EXPECT_LE(chunk.tokens.end, tokens.end);
    EXPECT_GT(chunk.border, chunk.tokens.begin);
    EXPECT_LE(chunk.border, chunk.tokens.end);
    EXPECT_TRUE(chunk.next == chunk.tokens.end ||
                (GetParam().replace_second && chunk.flip && chunk.next == chunk.border));
    if (chunk.border < chunk.tokens.end) {
      EXPECT_EQ(shard.tokens_of(shard.sentence_at(chunk.border)).begin, chunk.border);
    }
    expected = chunk.next;
  }
  EXPECT_EQ(expected, shard.counts().tokens);
}

INSTANTIATE_TEST_SUITE_P(Rules, ChunkerRules,
                         ::testing::Values(ChunkRules{.max_tokens = 20},
                                           ChunkRules{.max_tokens = 125, .short_probability = 0.5},
                                           ChunkRules{.max_tokens = 509, .short_probability = 1},
                                           ChunkRules{.max_tokens = 62, .pairs = false},
                                           ChunkRules{.max_tokens = 61, .replace_second = true}));

TEST_F(ChunkerTest, DrawsAShortLengthForTheShareAsked) {
  const Shard& shard = shard_with_lengths({std::vector<std::size_t>(60000, 2)});
  std::vector<double> counts(2);
  std::vector<double> targets(9);
  for (const Chunk& chunk : chunks_of(shard, {.max_tokens = 10, .short_probability = 0.25})) {
    ++counts[chunk.target < 10 ? 1 : 0];
    if (chunk.target < 10) ++targets[chunk.target - 2];
    EXPECT_GE(chunk.target, 2U);
    EXPECT_LE(chunk.target, 10U);
  }
  targets.pop_back();
  const double below_max = 0.25 * 8 / 9;  // uniform in [2, 10], the maximum included
  EXPECT_LT(testing::chi_squared(counts, {1 - below_max, below_max}), 10.8);  // 1 degree of freedom, p = 0.001
  EXPECT_LT(testing::chi_squared(targets), 24.3);                             // 7 degrees
}

TEST_F(ChunkerTest, DividesAtAnyBorderAndFlipsHalfOfTheChunks) {
  const Shard& shard = shard_with_lengths(std::vector<std::vector<std::size_t>>(20000, {3, 3, 3, 3}));
  std::vector<double> borders(3);
  std::vector<double> flips(2);
  for (const Chunk& chunk : chunks_of(shard, kAlwaysFull)) {
    ++borders[(chunk.border - chunk.tokens.begin) / 3 - 1];
    ++flips[chunk.flip ? 1 : 0];
  }
  EXPECT_LT(testing::chi_squared(borders), 13.8);  // 2 degrees of freedom, p = 0.001
  EXPECT_LT(testing::chi_squared(flips), 10.8);
}

TEST_F(ChunkerTest, OtherKeysGiveOtherChunks) {
  const Shard& shard = shard_of(testing::random_documents({}));
  const ChunkRules rules{.max_tokens = 60};
  EXPECT_EQ(ranges_of(chunks_of(shard, rules, 1)), ranges_of(chunks_of(shard, rules, 1)));
  EXPECT_NE(ranges_of(chunks_of(shard, rules, 1)), ranges_of(chunks_of(shard, rules, 2)));
}

}  // namespace
}  // namespace albert::corpus
