#include "corpus/store/corpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "corpus/store/shard.h"
#include "support/small_corpus.h"
#include "support/temporary_folder.h"

namespace albert::corpus {
namespace {

using testing::SmallCorpus;
using testing::TemporaryFolder;

SmallCorpus content() {
  return {.train = {{{5, 6}, {7}}, {{8, 9, 10}}, {{11}}, {{12, 13}, {14}, {15}}},
          .held_out = {{{16, 17}}},
          .max_shard_tokens = 3};
}

TEST(Corpus, GivesDocumentsInTheOrderTheyWereWrittenAcrossShards) {
  const TemporaryFolder folder;
  const auto corpus = testing::open_corpus(folder.path(), content());
  EXPECT_EQ(corpus->shards(Split::kTrain).size(), 3U);
  ASSERT_EQ(corpus->num_documents(Split::kTrain), 4U);
  for (std::uint64_t i = 0; i < 4; ++i)
    EXPECT_EQ(testing::sentences_of(corpus->document(Split::kTrain, i)), content().train[i]);
  EXPECT_EQ(corpus->num_sentences(Split::kTrain), 7U);
  EXPECT_EQ(corpus->num_tokens(Split::kTrain), 11U);
  ASSERT_EQ(corpus->num_documents(Split::kHeldOut), 1U);
  EXPECT_EQ(testing::sentences_of(corpus->document(Split::kHeldOut, 0)), content().held_out[0]);
}

TEST(Corpus, GivesRunsOfSentencesAndLengths) {
  const TemporaryFolder folder;
  const auto corpus = testing::open_corpus(folder.path(), content());
  const Document document = corpus->document(Split::kTrain, 3);
  EXPECT_EQ(document.length(0), 2U);
  EXPECT_EQ(document.length(2), 1U);
  std::vector<std::int32_t> ids = {99};
  document.append(0, 2, ids);
  document.append(2, 2, ids);
  EXPECT_THAT(ids, ::testing::ElementsAre(99, 12, 13, 14));
  EXPECT_THROW(document.length(3), InternalError);
  EXPECT_THROW(document.append(0, 4, ids), InternalError);
  EXPECT_THROW(document.append(3, 4, ids), InternalError);
  EXPECT_THROW(corpus->document(Split::kTrain, 4), InternalError);
}

TEST(Corpus, FingerprintIsThatOfTheContent) {
  const TemporaryFolder folder;
  const std::string first = testing::open_corpus(folder / "a", content())->fingerprint();
  EXPECT_EQ(testing::open_corpus(folder / "b", content())->fingerprint(), first);
  SmallCorpus other = content();
  other.train[0][0][0] = 7;
  EXPECT_NE(testing::open_corpus(folder / "c", other)->fingerprint(), first);
}

TEST(Corpus, KnowsItsTokenizer) {
  const TemporaryFolder folder;
  const auto corpus = testing::open_corpus(folder.path(), content());
  EXPECT_TRUE(fs::exists(corpus->tokenizer_folder() / "spiece.model"));
  EXPECT_EQ(corpus->manifest().tokenizer_fingerprint, testing::FakeTokenizer(100).fingerprint());
}

TEST(Corpus, IsNotOpenedWithoutItsShards) {
  const TemporaryFolder folder;
  testing::write_corpus(folder.path(), content());
  fs::remove(folder / "train-00001.shard");
  EXPECT_THROW(Corpus::open(folder.path()), DataError);
  EXPECT_THROW(Corpus::open(folder / "elsewhere"), DataError);
}

}  // namespace
}  // namespace albert::corpus
