#include "text/wordpiece_tokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/utf8.h"
#include "text/line_codec.h"

namespace albert::text {
namespace {

using ::testing::ElementsAre;

const std::vector<std::string> kPieces = {"[PAD]",    "[UNK]", "[CLS]", "[SEP]", "[MASK]", "hello", "##lo", "hel",
                                          "cafe",     "##s",   "中",    "文",    "中文",   ",",     ".",    "!",
                                          "don",      "'",     "t",     "Hello", "café",   "i",     "ı",    "##i",
                                          "##\u0307", "a",     "##a",   "[",     "]",      "mask"};

WordPieceTokenizer make(const WordPieceSettings& settings = {}) {
  std::string text;
  for (const std::string& piece : kPieces) text += piece + "\n";
  return {WordPieceVocabulary::parse(text, "vocab.txt"), settings};
}

/// The pieces of a text as the vocabulary spells them.
std::vector<std::string> pieces_of(const Tokenizer& tokenizer, std::string_view text,
                                   SpecialTokens special = SpecialTokens::kAsText) {
  std::vector<std::string> pieces;
  for (const Piece& piece : tokenizer.encode_with_offsets(text, special))
    pieces.emplace_back(tokenizer.piece(piece.id));
  return pieces;
}

/// What of the text each piece stands for.
std::vector<std::string> places_of(const Tokenizer& tokenizer, std::string_view text) {
  std::vector<std::string> places;
  for (const Piece& piece : tokenizer.encode_with_offsets(text, SpecialTokens::kAsText)) {
    places.emplace_back(text.substr(piece.begin, piece.end - piece.begin));
  }
  return places;
}

TEST(WordPieceTokenizer, TakesTheLongestPieceFromTheLeft) {
  const auto tokenizer = make();
  EXPECT_THAT(pieces_of(tokenizer, "hello hellos helloo"), ElementsAre("hello", "hello", "##s", "[UNK]"));
  EXPECT_THAT(pieces_of(tokenizer, "hel a aaa"), ElementsAre("hel", "a", "a", "##a", "##a"));
}

TEST(WordPieceTokenizer, SplitsAtPunctuationAndIdeographs) {
  const auto tokenizer = make();
  EXPECT_THAT(pieces_of(tokenizer, "don't! 中文,hello."),
              ElementsAre("don", "'", "t", "!", "中", "文", ",", "hello", "."));
  EXPECT_THAT(pieces_of(make({.tokenize_chinese_chars = false}), "中文"), ElementsAre("中文"));
}

TEST(WordPieceTokenizer, LowersAndStripsAsTheSettingsSay) {
  EXPECT_THAT(pieces_of(make(), "Hello CAFÉs caf\u00e9 cafe\u0301"),
              ElementsAre("hello", "cafe", "##s", "cafe", "cafe"));
  EXPECT_THAT(pieces_of(make({.do_lower_case = false}), "Hello caf\u00e9"), ElementsAre("Hello", "café"));
  EXPECT_THAT(pieces_of(make({.do_lower_case = true, .strip_accents = false}), "Caf\u00e9"), ElementsAre("café"));
  // The only letter that two stand for in lower case.
  EXPECT_THAT(pieces_of(make({.strip_accents = false}), "\u0130"), ElementsAre("i", "##\u0307"));
  EXPECT_THAT(pieces_of(make(), "\u0130"), ElementsAre("i"));
}

TEST(WordPieceTokenizer, WhatNobodySeesIsLeftOut) {
  const auto tokenizer = make();
  const std::string text = std::string("hel") + '\0' + "\u200blo\u00a0\ufffdhello\x07";
  EXPECT_THAT(pieces_of(tokenizer, text), ElementsAre("hello", "hello"));
  EXPECT_THAT(pieces_of(tokenizer, "\u200b \xff\xfe"), ElementsAre());
}

TEST(WordPieceTokenizer, PlacesAreThoseOfTheOriginal) {
  const auto tokenizer = make();
  EXPECT_THAT(places_of(tokenizer, " CAFE\u0301s, 中x"), ElementsAre("CAFE", "s", ",", "中", "x"));
  EXPECT_THAT(places_of(tokenizer, "he\u200bllos"), ElementsAre("he\u200bllo", "s"));
  EXPECT_THAT(places_of(tokenizer, "zz\u0301 \u0130"), ElementsAre("zz", "\u0130"));
}

TEST(WordPieceTokenizer, WordsOfMoreThanAHundredCharactersAreUnknown) {
  const auto tokenizer = make();
  EXPECT_EQ(pieces_of(tokenizer, std::string(100, 'a')).size(), 100U);
  EXPECT_THAT(pieces_of(tokenizer, std::string(101, 'a')), ElementsAre("[UNK]"));
  const std::string megabyte(1 << 20, 'a');
  EXPECT_THAT(places_of(tokenizer, megabyte), ElementsAre(megabyte));
}

TEST(WordPieceTokenizer, MarksComeInCanonicalOrderWithTheirPlaces) {
  // U+302E and U+1D165 are marks that no accent is; their classes are 224 and 216.
  NormalizedText normalized;
  const std::string text = "a\u302e\U0001d165\u302f\U0001d166b\u302e";
  make().normalize(text, normalized);
  EXPECT_EQ(normalized.text, "a\U0001d165\U0001d166\u302e\u302fb\u302e");
  ASSERT_EQ(normalized.spans.size(), normalized.text.size());
  const auto original = [&](std::size_t i) {
    return text.substr(normalized.spans[i].begin, normalized.spans[i].end - normalized.spans[i].begin);
  };
  for (std::string_view rest = normalized.text; !rest.empty();) {
    const std::size_t begin = normalized.text.size() - rest.size();
    pop_front(rest);
    const std::size_t end = normalized.text.size() - rest.size();
    for (std::size_t i = begin; i < end; ++i) EXPECT_EQ(original(i), normalized.text.substr(begin, end - begin));
  }
}

TEST(WordPieceTokenizer, ManyMarksTakeNoLongerThanManyLetters) {
  constexpr int kMany = 20'000;  // took 14 s where each mark was looked for a place by itself
  std::string higher;
  std::string lower;
  for (int i = 0; i < kMany; ++i) {
    higher += "\u302e";
    lower += "\U0001d165";
  }
  NormalizedText normalized;
  make().normalize("a" + higher + lower, normalized);
  EXPECT_EQ(normalized.text, "a" + lower + higher);
}

TEST(WordPieceTokenizer, SpecialTokensAreTextUnlessParsed) {
  const auto tokenizer = make();
  EXPECT_THAT(pieces_of(tokenizer, "a[MASK]"), ElementsAre("a", "[", "mask", "]"));
  EXPECT_THAT(pieces_of(tokenizer, "a[MASK]", SpecialTokens::kParse), ElementsAre("a", "[MASK]"));
  EXPECT_EQ(tokenizer.special().mask, 4);
}

TEST(WordPieceTokenizer, TheEncoderGivesTheSameIds) {
  for (const bool split : {true, false}) {
    const auto tokenizer = make({.tokenize_chinese_chars = split});
    const auto encoder = tokenizer.make_encoder(1 << 10);
    for (int round = 0; round < 2; ++round) {
      for (const std::string text :
           {"hello 中文hello中, hel\u200blo", "", "  ", "\u3000中\u3000a", "cafe\u0301 a中\u0301文", "ａ中"}) {
        std::vector<std::int32_t> expected;
        std::vector<std::int32_t> found;
        tokenizer.encode(text, expected);
        encoder->encode(text, found);
        EXPECT_EQ(found, expected) << text;
      }
    }
  }
}

TEST(WordPieceTokenizer, DecodesWithoutSpacesBeforeSigns) {
  const auto tokenizer = make();
  const std::vector<std::int32_t> ids = {2, 5, 9, 13, 25, 15, 10, 4, 3};
  EXPECT_EQ(tokenizer.decode(ids, false), "hellos, a! 中");
  EXPECT_EQ(tokenizer.decode(ids, true), "[CLS] hellos, a! 中 [MASK] [SEP]");
  EXPECT_EQ(tokenizer.decode(std::vector<std::int32_t>{9, 5}, false), "##s hello");
  EXPECT_THROW(tokenizer.decode(std::vector<std::int32_t>{30}, false), DataError);
}

TEST(WordPieceTokenizer, PiecesThatGoOnBeginNoWord) {
  const auto tokenizer = make();
  EXPECT_TRUE(tokenizer.starts_word(5));
  EXPECT_FALSE(tokenizer.starts_word(6));
}

TEST(WordPieceTokenizer, TheFingerprintTellsVocabulariesAndSettingsApart) {
  EXPECT_EQ(make().fingerprint(), make({.strip_accents = true}).fingerprint());
  EXPECT_NE(make().fingerprint(), make({.strip_accents = false}).fingerprint());
  EXPECT_NE(make().fingerprint(), make({.tokenize_chinese_chars = false}).fingerprint());
}

}  // namespace
}  // namespace albert::text
