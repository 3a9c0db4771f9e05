#include "text/unigram.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace albert::text {
namespace {

using ::testing::ElementsAre;

SentencePieceModel model_of(const std::vector<std::pair<std::string, float>>& pieces) {
  SentencePieceModel model;
  model.pieces.push_back({"<unk>", 0, PieceType::kUnknown});
  for (const auto& [text, score] : pieces) model.pieces.push_back({text, score, PieceType::kNormal});
  return model;
}

std::vector<std::string> segment(const SentencePieceModel& model, std::string_view word) {
  const Unigram unigram(model, 0);
  Unigram::Scratch scratch;
  std::vector<Unigram::Segment> segments;
  unigram.segment(word, scratch, segments);
  std::vector<std::string> parts;
  for (const auto& segment : segments) parts.emplace_back(word.substr(segment.begin, segment.end - segment.begin));
  return parts;
}

TEST(Unigram, TakesTheHighestTotal) {
  const SentencePieceModel model = model_of({{"a", -1}, {"b", -1}, {"ab", -1.9F}, {"abc", -5}, {"c", -3}});
  EXPECT_THAT(segment(model, "abc"), ElementsAre("ab", "c"));
  EXPECT_THAT(segment(model, "abab"), ElementsAre("ab", "ab"));
  EXPECT_THAT(segment(model, ""), ElementsAre());
}

TEST(Unigram, OfEqualTotalsTheFirstFoundStays) {
  // "a|bc" reaches the end later than "abc" and "ab|c" later still; only a higher total would replace the first.
  EXPECT_THAT(segment(model_of({{"a", -1}, {"b", -1}, {"c", -1}, {"ab", -1}, {"bc", -1}, {"abc", -2}}), "abc"),
              ElementsAre("abc"));
}

TEST(Unigram, UnknownCharactersCostMoreThanAnyPiece) {
  const SentencePieceModel model = model_of({{"a", -1}, {"x\u00e9", -9}, {"x", -1}});
  EXPECT_THAT(segment(model, "ax\u00e9"), ElementsAre("a", "x\u00e9"));
  EXPECT_THAT(segment(model, "\u00e9\u4e2da\u00e9"), ElementsAre("\u00e9\u4e2d", "a", "\u00e9"));
}

TEST(Unigram, LongWordsNeedLittleMemory) {
  const SentencePieceModel model = model_of({{"a", -1}, {"b", -1}, {"ab", -1.5F}});
  const Unigram unigram(model, 0);
  Unigram::Scratch scratch;
  std::vector<Unigram::Segment> segments;
  std::string word;
  for (int i = 0; i < 100000; ++i) word += "ab";
  unigram.segment(word, scratch, segments);
  EXPECT_EQ(segments.size(), 100000u);
  EXPECT_LT(scratch.nodes.capacity(), 100u);
}

TEST(PieceTrie, FindsEveryKeyAndNoOther) {
  std::map<std::string, std::int32_t> keys;
  for (std::int32_t i = 0; i < 5000; ++i) {
    std::string key;
    for (std::uint32_t state = static_cast<std::uint32_t>(i) * 2654435761U; key.size() < 1 + state % 5; state /= 7) {
      key += static_cast<char>(1 + state % 255);
    }
    keys.emplace(key, i);
  }
  const PieceTrie trie({keys.begin(), keys.end()});
  const auto find = [&trie](std::string_view key) {
    PieceTrie::Node node = trie.root();
    for (const char c : key) {
      if (!trie.step(node, static_cast<unsigned char>(c))) return PieceTrie::kNone;
    }
    return trie.value(node);
  };
  for (const auto& [key, value] : keys) {
    EXPECT_EQ(find(key), value);
    for (const std::string& other : {key + '\x02', key + '\xff', key.substr(1), std::string(1, '\0') + key}) {
      const auto expected = keys.find(other);
      EXPECT_EQ(find(other), expected == keys.end() ? PieceTrie::kNone : expected->second);
    }
  }
}

}  // namespace
}  // namespace albert::text
