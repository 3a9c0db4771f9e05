#include "corpus/encoding/block_encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_tokenizer.h"

namespace albert::corpus {
namespace {

using ::testing::ElementsAre;

using Ids = std::vector<std::int32_t>;

std::vector<Ids> sentences_of(const EncodedBlock& block) {
  std::vector<Ids> sentences;
  for (std::size_t i = 0; i < block.num_sentences(); ++i) {
    sentences.emplace_back(block.sentence(i).begin(), block.sentence(i).end());
  }
  return sentences;
}

TEST(BlockEncoder, SplitsParagraphsIntoSentencesOfIds) {
  const testing::FakeTokenizer tokenizer;
  BlockEncoder encoder(tokenizer, "en");
  const EncodedBlock block =
      encoder.encode({.text = "Word 5. Word 6 7!\n8 9\n...\nx 999 y\n", .first = true, .last = false});
  EXPECT_THAT(sentences_of(block), ElementsAre(Ids{5}, Ids{6, 7}, Ids{8, 9}, Ids{1}));
  ASSERT_EQ(block.paragraphs.size(), 4u);
  EXPECT_EQ(block.paragraphs[3].num_unknown, 1u);
  EXPECT_TRUE(block.first);
  EXPECT_FALSE(block.last);
}

TEST(BlockEncoder, WithoutALanguageALineIsASentence) {
  const testing::FakeTokenizer tokenizer;
  BlockEncoder encoder(tokenizer, "");
  EXPECT_THAT(sentences_of(encoder.encode({"Word 5. Word 6!\n7\n", true, true})), ElementsAre(Ids{5, 6}, Ids{7}));
}

TEST(BlockEncoder, TheHashIsThatOfTheText) {
  const testing::FakeTokenizer tokenizer;
  BlockEncoder encoder(tokenizer, "en");
  const Hash128 hash = encoder.encode({"5\n", true, true}).hash;
  EXPECT_EQ(encoder.encode({"5\n", true, false}).hash, hash);
  EXPECT_NE(encoder.encode({"6\n", true, true}).hash, hash);
}

TEST(BlockEncoder, CountsTheCharactersThatTheVocabularyLacks) {
  const testing::FakeTokenizer tokenizer(8);  // knows the digits below 8
  BlockEncoder encoder(tokenizer, "en");
  const EncodedBlock block = encoder.encode({"5 9. 98! 7 77\n8 3\n", true, true});
  EXPECT_THAT(block.unknown_characters,
              ElementsAre(UnknownCharacter{0, U'8', 1}, UnknownCharacter{0, U'9', 2}, UnknownCharacter{1, U'8', 1}));
  ASSERT_EQ(block.paragraphs.size(), 2u);
  EXPECT_EQ(block.paragraphs[0].num_unknown, 3u);
  EXPECT_EQ(block.paragraphs[1].num_unknown, 1u);
  EXPECT_EQ(block.paragraphs[0].num_sentences + block.paragraphs[1].num_sentences, block.num_sentences());
}

TEST(BlockEncoder, CutsOverlongSentencesBetweenWords) {
  const testing::FakeTokenizer tokenizer;
  BlockEncoder encoder(tokenizer, "");
  std::string line;
  Ids expected;
  for (std::int32_t i = 0; i < 10'000; ++i) {
    expected.push_back(10 + i % 90);
    line += std::to_string(expected.back()) + " ";
  }
  const EncodedBlock block = encoder.encode({line + "\n", true, true});
  EXPECT_EQ(block.ids, expected);
  EXPECT_EQ(block.num_cut_sentences, line.size() / BlockEncoder::kMaxSentenceBytes);
  EXPECT_EQ(block.num_sentences(), block.num_cut_sentences + 1);

  std::string unbroken;
  while (unbroken.size() <= 2 * BlockEncoder::kMaxSentenceBytes) unbroken += "北";
  EXPECT_EQ(encoder.encode({unbroken + "\n", true, true}).num_cut_sentences, 2u);
}

}  // namespace
}  // namespace albert::corpus
