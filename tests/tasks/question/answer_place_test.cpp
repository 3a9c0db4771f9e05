#include "tasks/question/answer_place.h"

#include <string>

#include <gtest/gtest.h>

#include "text/small_vocabulary.h"

namespace albert::tasks {
namespace {

std::string text_of(const std::string& text, ByteRange bytes) {
  return text.substr(bytes.begin, bytes.end - bytes.begin);
}

// Composed and decomposed letters, ligatures, fractions, full width, Chinese, quotes: what normalisation rewrites still
// has its place in the original, and the tokens of an answer of whole words spell it exactly.
TEST(AnswerPlace, TokensOfWordsSpellThemWhateverNormalisationDoes) {
  const std::vector<std::string> words = {
      "caf\u00e9",    "cafe\u0301",    "\ufb01ne", "2\u00bd", "\uff21\uff22", "\u4e2d",
      "\u4e2d\u6587", "\u1e9b\u0323",  "``x''",    "\uac00",  "\u1100\u1161", "A\u030a\u0323ng",
      "\U0001f600",   "\u0130stanbul", "10,000",   "\u2122",  "x\u00ad-y",    "\u0928\u093f"};
  std::string context;
  std::vector<ByteRange> places;
  for (const std::string& word : words) {
    context += "so ";
    places.push_back({context.size(), context.size() + word.size()});
    context += word + "\u00a0 ";
  }
  for (const bool keep_accents : {false, true}) {
    const auto tokenizer = text::testing::small_vocabulary({.do_lower_case = true, .keep_accents = keep_accents});
    const std::vector<text::Piece> pieces = tokenizer->encode_with_offsets(context, text::SpecialTokens::kAsText);
    for (std::size_t i = 0; i < words.size(); ++i) {
      const auto tokens = tokens_covering(pieces, places[i]);
      ASSERT_TRUE(tokens) << words[i];
      EXPECT_EQ(text_of(context, bytes_covered(pieces, *tokens, context)), words[i]) << keep_accents;
    }
  }
}

TEST(AnswerPlace, TokensAtTheBordersCountWhole) {
  // Pieces "ab", a prefix without a character, "cd", and "ef" after a space.
  const std::vector<text::Piece> pieces = {{7, 0, 2}, {8, 2, 2}, {9, 2, 4}, {10, 5, 7}};
  const auto expect = [&pieces](ByteRange bytes, std::size_t begin, std::size_t end) {
    const auto tokens = tokens_covering(pieces, bytes);
    ASSERT_TRUE(tokens);
    EXPECT_EQ(tokens->begin, begin);
    EXPECT_EQ(tokens->end, end);
  };
  expect({0, 2}, 0, 1);
  expect({1, 3}, 0, 3);
  expect({2, 4}, 2, 3);
  expect({4, 6}, 3, 4);
  expect({0, 99}, 0, 4);
  EXPECT_FALSE(tokens_covering(pieces, {4, 5}));
  EXPECT_FALSE(tokens_covering({}, {0, 5}));
}

TEST(AnswerPlace, WhiteSpaceIsTrimmedAndMarksStay) {
  // "e" with a mark of its own, then a space, then "x": the pieces leave the mark out.
  const std::string text = "e\u0301 x";
  EXPECT_EQ(text_of(text, bytes_covered({{7, 0, 1}, {8, 3, 5}}, {0, 1}, text)), "e\u0301");
  EXPECT_EQ(text_of(text, bytes_covered({{7, 0, 1}, {8, 3, 5}}, {1, 2}, text)), "x");
  // Not where the mark is a piece of its own.
  EXPECT_EQ(text_of(text, bytes_covered({{7, 0, 1}, {8, 1, 3}}, {0, 1}, text)), "e");
  // A piece without a character stands for nothing.
  const ByteRange nothing = bytes_covered({{7, 3, 3}, {8, 4, 5}}, {0, 1}, text);
  EXPECT_EQ(nothing.begin, nothing.end);
}

}  // namespace
}  // namespace albert::tasks
