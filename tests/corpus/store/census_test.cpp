#include "corpus/store/census.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/small_corpus.h"
#include "support/temporary_folder.h"

namespace albert::corpus {
namespace {

TEST(Census, CountsEveryTokenOfBothSplits) {
  const testing::TemporaryFolder folder;
  const auto corpus = testing::open_corpus(
      folder.path(), {.train = {{{5, 6}, {7}}, {{8, 9, 5}}, {{5}}}, .held_out = {{{6, 17}}}, .max_shard_tokens = 3});
  std::uint64_t told = 0;
  const Census census = take_census(*corpus, [&](std::uint64_t tokens) { told = tokens; });
  EXPECT_EQ(told, 9u);
  EXPECT_EQ(census.documents.count(), 4u);
  EXPECT_EQ(census.documents.sum(), 9u);
  EXPECT_EQ(census.documents.longest(), 3u);
  EXPECT_EQ(census.sentences.count(), 5u);
  EXPECT_EQ(census.sentences.sum(), 9u);
  ASSERT_EQ(census.pieces.size(), 100u);
  EXPECT_EQ(census.pieces[5], 3u);
  EXPECT_EQ(census.pieces[6], 2u);
  EXPECT_EQ(census.pieces[17], 1u);
  EXPECT_EQ(census.pieces[18], 0u);
}

TEST(LengthCounts, ClassesMeetAndHoldEveryLength) {
  LengthCounts counts;
  EXPECT_TRUE(counts.classes().empty());
  for (std::uint64_t length = 3; length <= 1000; ++length) counts.add(length);
  const auto classes = counts.classes();
  EXPECT_EQ(classes.front().begin, 3u);
  EXPECT_EQ(classes.front().count, 1u);
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const std::uint64_t end = std::min<std::uint64_t>(classes[i].end, 1001);
    EXPECT_EQ(classes[i].count, end - classes[i].begin);
    if (i > 0) {
      EXPECT_EQ(classes[i].begin, classes[i - 1].end);
    }
  }
  EXPECT_EQ(classes.back().begin, 768u);
}

TEST(LengthCounts, TheFirstClassesAreSingleLengths) {
  LengthCounts counts;
  for (const std::uint64_t length : {1, 1, 2, 3, 4}) counts.add(length);
  std::vector<std::uint64_t> begins, numbers;
  for (const auto& one : counts.classes()) {
    begins.push_back(one.begin);
    numbers.push_back(one.count);
  }
  EXPECT_THAT(begins, ::testing::ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(numbers, ::testing::ElementsAre(2, 1, 1, 1));
}

}  // namespace
}  // namespace albert::corpus
