#include "text/extended_tokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "text/small_vocabulary.h"
#include "text/tokenizer_files.h"
#include "text/wordpiece_tokenizer.h"

namespace albert::text {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kVocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n[\n]\n##a\nc\nd\n";
constexpr std::int32_t kSize = 12;

std::shared_ptr<const VocabularyTokenizer> vocabulary() {
  return std::make_shared<WordPieceTokenizer>(WordPieceVocabulary::parse(kVocabulary, "vocab.txt"),
                                              WordPieceSettings{});
}

std::shared_ptr<const Tokenizer> with(std::vector<AddedToken> added) {
  for (std::size_t i = 0; i < added.size(); ++i) {
    if (added[i].id == 0) added[i].id = kSize + static_cast<std::int32_t>(i);
  }
  return with_added_tokens(vocabulary(), std::move(added));
}

/// Pieces and what they cover of the text: "a|a [X]|[X]".
std::string pieces_of(const Tokenizer& tokenizer, std::string_view text,
                      SpecialTokens special = SpecialTokens::kAsText) {
  std::string shown;
  std::vector<std::int32_t> ids;
  for (const Piece& piece : tokenizer.encode_with_offsets(text, special)) {
    if (!shown.empty()) shown += ' ';
    shown += fmt::format("{}|{}", tokenizer.piece(piece.id), text.substr(piece.begin, piece.end - piece.begin));
    ids.push_back(piece.id);
  }
  if (special == SpecialTokens::kAsText) {
    std::vector<std::int32_t> fast;
    tokenizer.make_encoder()->encode(text, fast);
    EXPECT_EQ(fast, ids) << text;
  }
  return shown;
}

TEST(ExtendedTokenizer, FindsTokensAsTheyStandOrNormalised) {
  EXPECT_EQ(pieces_of(*vocabulary(), "a[E1]"), "a|a [|[ [UNK]|E1 ]|]");
  const auto verbatim = with({{.content = "[E1]"}});
  EXPECT_EQ(pieces_of(*verbatim, "a[E1]a [e1]"), "a|a [E1]|[E1] a|a [|[ [UNK]|e1 ]|]");
  const auto normalized = with({{.content = "[E1]", .normalized = true}});
  EXPECT_EQ(pieces_of(*normalized, "a[E1]a  [e1]"), "a|a [E1]|[E1] a|a [E1]|[e1]");
  EXPECT_EQ(verbatim->vocabulary_size(), kSize + 1);
  EXPECT_THAT(verbatim->added_tokens(), SizeIs(1));
  EXPECT_THROW(static_cast<void>(verbatim->piece(kSize + 1)), DataError);
}

TEST(ExtendedTokenizer, TheLongestTokenFromTheLeftCounts) {
  const auto tokenizer = with({{.content = "ab"}, {.content = "abab"}, {.content = "ba"}});
  EXPECT_EQ(pieces_of(*tokenizer, "abababa"), "abab|abab ab|ab a|a");
}

TEST(ExtendedTokenizer, WhiteSpaceAndWordsCountWhereATokenAsks) {
  EXPECT_EQ(pieces_of(*with({{.content = "X", .lstrip = true}}), "a \u3000X b"), "a|a X| \u3000X b|b");
  EXPECT_EQ(pieces_of(*with({{.content = "X", .rstrip = true}}), "a X  b"), "a|a X|X   b|b");
  EXPECT_EQ(pieces_of(*with({{.content = "X", .single_word = true}}), "aX X, X_ X\u0301 X"),
            "[UNK]|aX X|X [UNK]|, [UNK]|X [UNK]|_ [UNK]|X X|X");
}

TEST(ExtendedTokenizer, SpecialTokensOfTheVocabularyArePartsOfATextUnlessParsed) {
  const auto tokenizer = with({{.content = "X"}, {.content = "[MASK]", .id = 4, .lstrip = true}});
  EXPECT_EQ(pieces_of(*tokenizer, "a [MASK]X"), "a|a [|[ [UNK]|MASK ]|] X|X");
  EXPECT_EQ(pieces_of(*tokenizer, "a [MASK]X", SpecialTokens::kParse), "a|a [MASK]| [MASK] X|X");
  EXPECT_THAT(with({{.content = "[MASK]", .id = 4}})->added_tokens(), IsEmpty());
}

TEST(ExtendedTokenizer, DecodesTokens) {
  const auto tokenizer =
      with({{.content = "X"}, {.content = "Y", .special = true}, {.content = "Z", .normalized = true}});
  const std::vector<std::int32_t> ids = {2, 5, 12, 13, 14, 9, 3};
  EXPECT_EQ(tokenizer->decode(ids), "a X za");
  EXPECT_EQ(tokenizer->decode(ids, true), "[CLS] a X Y za [SEP]");
}

TEST(ExtendedTokenizer, TokensThatCannotBeToldApartAreRefused) {
  const auto refusal = [](std::vector<AddedToken> added) {
    return albert::testing::refusal<ModelError>([&] { with(std::move(added)); });
  };
  EXPECT_THAT(refusal({{.content = "X", .normalized = true}, {.content = "x", .normalized = true}}),
              HasSubstr("the added tokens 12 and 13 are both found as 'x'"));
  EXPECT_THAT(refusal({{.content = "\u0301", .normalized = true}}), HasSubstr("a text of 0 bytes"));
  EXPECT_THAT(refusal({{.content = std::string(5000, 'x')}}), HasSubstr("a text of 5000 bytes"));
}

TEST(ExtendedTokenizer, ComesBackFromItsFiles) {
  for (const auto& plain :
       {vocabulary(), std::dynamic_pointer_cast<const VocabularyTokenizer>(testing::small_vocabulary())}) {
    const std::int32_t size = plain->vocabulary_size();
    const auto tokenizer =
        with_added_tokens(plain, {{.content = "A b", .id = size, .rstrip = true, .normalized = true},
                                  {.content = "<X>", .id = size + 1, .lstrip = true, .special = true}});
    const albert::testing::TemporaryFolder folder;
    tokenizer->save(folder.path());
    const auto again = Tokenizer::open(folder.path());
    EXPECT_EQ(again->fingerprint(), tokenizer->fingerprint());
    EXPECT_NE(again->fingerprint(), plain->fingerprint());
    EXPECT_TRUE(again->added_tokens()[1].special);
    EXPECT_EQ(pieces_of(*again, "a  <X>a b a"), pieces_of(*tokenizer, "a  <X>a b a"));
  }
}

/// A folder with a vocab.txt, and what stands in other files.
class AddedTokenFiles : public ::testing::Test {
 protected:
  AddedTokenFiles() { write(kVocabularyFile, kVocabulary); }
  void write(const char* name, std::string_view content) { albert::testing::write_file(folder_ / name, content); }
  std::vector<std::string> added() const {
    std::vector<std::string> tokens;
    const auto tokenizer = Tokenizer::open(folder_.path());
    for (const AddedToken& token : tokenizer->added_tokens())
      tokens.push_back(fmt::format("{} {}", token.id, token.content));
    return tokens;
  }
  std::string refusal() const {
    return albert::testing::refusal<ModelError>([&] { added(); });
  }

  albert::testing::TemporaryFolder folder_;
};

TEST_F(AddedTokenFiles, AreReadInTheOrderOfTransformers) {
  write(kAddedTokensFile, R"({"X": 12, "Y": 13})");
  EXPECT_THAT(added(), ElementsAre("12 X", "13 Y"));
  write(kSpecialTokensFile,
        R"({"eos_token": "E", "additional_special_tokens": ["Y", {"content": "S", "lstrip": true}]})");
  EXPECT_THAT(added(), ElementsAre("12 X", "13 Y", "14 E", "15 S"));
  write(kConfigFile,
        R"({"added_tokens_decoder": {"12": {"content": "D"}, "5": {"content": "a"}}, "extra_token": "N"})");
  EXPECT_THAT(added(), ElementsAre("5 a", "12 D", "13 N"));
  fs::remove(folder_ / kConfigFile);
  fs::remove(folder_ / kAddedTokensFile);
  EXPECT_THAT(added(), ElementsAre("12 E", "13 Y", "14 S"));
}

TEST_F(AddedTokenFiles, WhatTransformersWouldNumberOtherwiseIsRefused) {
  write(kAddedTokensFile, R"({"X": 14})");
  EXPECT_THAT(refusal(), HasSubstr("added_tokens.json: the added token 'X' has the id 14; expected 12"));
  write(kAddedTokensFile, R"({"b": 12})");
  EXPECT_THAT(refusal(), HasSubstr("'b' has the id 12; expected 6"));
}

TEST_F(AddedTokenFiles, OtherSpecialTokensAreRefused) {
  write(kSpecialTokensFile, R"({"cls_token": {"content": "<s>"}, "pad_token": "<p>"})");
  EXPECT_THAT(refusal(),
              HasSubstr("special_tokens_map.json): expected '[CLS]', as in the vocabulary beside it, found '<s>'"));
}

TEST_F(AddedTokenFiles, DamageIsNamed) {
  const auto refusal_of = [&](const char* file, const char* content) {
    write(file, content);
    const std::string message = refusal();
    fs::remove(folder_ / file);
    return message;
  };
  EXPECT_THAT(refusal_of(kAddedTokensFile, R"({"X": "12"})"),
              HasSubstr(R"(added_tokens.json: its tokens cannot be read: X: expected a whole number, found "12")"));
  EXPECT_THAT(refusal_of(kAddedTokensFile, "["), HasSubstr("added_tokens.json: its tokens cannot be read"));
  EXPECT_THAT(refusal_of(kSpecialTokensFile, R"({"eos_token": {"content": 7}})"),
              HasSubstr("its tokens cannot be read: eos_token.content: expected a text, found 7"));
  EXPECT_THAT(
      refusal_of(kConfigFile, R"({"added_tokens_decoder": {"12": {"content": "D", "lstrip": 1}}})"),
      HasSubstr("tokenizer_config.json: its tokens cannot be read: added_tokens_decoder.12.lstrip: expected true "
                "or false, found 1"));
  EXPECT_THAT(refusal_of(kConfigFile, R"({"added_tokens_decoder": {"x": {"content": "D"}}})"),
              HasSubstr("expected ids as keys, found 'x'"));
  EXPECT_THAT(refusal_of(kConfigFile, R"({"added_tokens_decoder": {"12": {"content": ""}}})"),
              HasSubstr("added_tokens_decoder.12: expected a token that is no empty text"));
  EXPECT_THAT(refusal_of(kAddedTokensFile, R"({"": 12})"), HasSubstr("expected a token that is no empty text"));
  EXPECT_THAT(refusal_of(kConfigFile, "[]"),
              HasSubstr("tokenizer_config.json is not valid: expected an object, found []"));
  EXPECT_THAT(refusal_of(kConfigFile, R"({"extra_special_tokens": 5})"),
              HasSubstr("extra_special_tokens: expected a list of tokens, found 5"));
}

}  // namespace
}  // namespace albert::text
