#include "text/wordpiece_files.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/file.h"
#include "support/log_capture.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "text/sentencepiece_model.h"
#include "text/small_vocabulary.h"
#include "text/tokenizer.h"
#include "text/unreachable_pieces.h"
#include "text/wordpiece_tokenizer.h"

namespace albert::text {
namespace {

using albert::testing::TemporaryFolder;
using albert::testing::write_file;
using ::testing::HasSubstr;

constexpr const char* kVocabulary = "a\n[PAD]\n[UNK]\n[CLS]\n\n[SEP]\n[MASK]\n##b\na\n";

WordPieceTokenizer make(const WordPieceSettings& settings = {}) {
  return {WordPieceVocabulary::parse(kVocabulary, "vocab.txt"), settings};
}

std::string error_of(const std::filesystem::path& path) {
  return albert::testing::error_of<ModelError>([&] { Tokenizer::open(path); });
}

TEST(WordPieceVocabulary, IdsAreLineNumbersAndTheLastOfEqualLinesCounts) {
  const auto tokenizer = make();
  EXPECT_EQ(tokenizer.vocabulary_size(), 9);
  EXPECT_EQ(tokenizer.special().pad, 1);
  EXPECT_EQ(tokenizer.special().mask, 6);
  std::vector<std::int32_t> ids;
  tokenizer.encode("ab", ids);
  EXPECT_THAT(ids, ::testing::ElementsAre(8, 7));
}

TEST(WordPieceVocabulary, LinesMayEndAsElsewhereAndAByteOrderMarkIsNoPiece) {
  const std::vector<std::string> pieces{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a"};
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    for (const std::string begin : {"", "\xef\xbb\xbf"}) {
      const std::string text = fmt::format("{}{}{}", begin, fmt::join(pieces, end), end);
      EXPECT_EQ(WordPieceVocabulary::parse(text, "vocab.txt").pieces, pieces) << text;
    }
  }
}

TEST(Vocabularies, CompressedOnesAreNamed) {
  const std::string gzip = "\x1f\x8b\x08rest";
  const auto message = [](const auto& parse) { return albert::testing::refusal<ModelError>(parse); };
  EXPECT_THAT(message([&] { WordPieceVocabulary::parse(gzip, "vocab.txt"); }),
              HasSubstr("vocab.txt: expected a WordPiece vocabulary, found a compressed file (gzip); unpack it first"));
  EXPECT_THAT(message([&] { SentencePieceModel::parse(gzip, "spiece.model"); }),
              HasSubstr("spiece.model: expected a SentencePiece vocabulary, found a compressed file (gzip)"));
}

TEST(UnreachablePieces, PiecesThatAreThereTwiceAreWarnedOf) {
  const albert::testing::LogCapture log;
  warn_of_unreachable_pieces(make(), "vocab.txt");
  EXPECT_THAT(log.text(), HasSubstr("vocab.txt: 1 of its 9 pieces are there twice, such as 'a' of ids 0 and 8"));
}

TEST(WordPieceFiles, OpenWhatWasSaved) {
  for (const WordPieceSettings settings : {WordPieceSettings{}, WordPieceSettings{false, true, false}}) {
    const TemporaryFolder folder;
    make(settings).save(folder.path(), 128);
    const auto opened = Tokenizer::open(folder.path());
    EXPECT_EQ(opened->fingerprint(), make(settings).fingerprint());
    EXPECT_EQ(opened->kind(), VocabularyKind::kWordPiece);
    EXPECT_EQ(read_file(folder / "vocab.txt"), kVocabulary);
    const auto config = nlohmann::json::parse(read_file(folder / "tokenizer_config.json"));
    EXPECT_EQ(config["tokenizer_class"], "BertTokenizer");
    EXPECT_EQ(config["model_max_length"], 128);
    EXPECT_EQ(config["strip_accents"].is_null(), !settings.strip_accents.has_value());
    const auto file = nlohmann::json::parse(read_file(folder / "tokenizer.json"));
    EXPECT_EQ(file["model"]["vocab"].size(), 8U);
    EXPECT_EQ(file["model"]["vocab"]["a"], 8);
    EXPECT_EQ(file["added_tokens"][4]["id"], 6);
  }
}

TEST(WordPieceFiles, ABareVocabularyIsLowerCased) {
  const TemporaryFolder folder;
  write_file(folder / "zh.txt", kVocabulary);
  EXPECT_TRUE(Tokenizer::open(folder / "zh.txt")->settings().do_lower_case);
  EXPECT_FALSE(Tokenizer::open(folder / "zh.txt")->settings().keep_accents);
}

TEST(WordPieceFiles, MixUpsAreRefused) {
  const TemporaryFolder folder;
  make().save(folder.path(), 512);
  write_file(folder / "tokenizer_config.json", R"({"tokenizer_class": "AlbertTokenizerFast"})");
  EXPECT_THAT(error_of(folder.path()), HasSubstr("belongs to a AlbertTokenizerFast"));
  write_file(folder / "tokenizer_config.json", R"({"tokenizer_class": "BertTokenizerFast"})");
  EXPECT_EQ(error_of(folder.path()), "");
  write_file(folder / "tokenizer_config.json", R"({"do_basic_tokenize": false})");
  EXPECT_THAT(error_of(folder.path()), HasSubstr("do_basic_tokenize is false"));
  write_file(folder / "tokenizer_config.json", R"({"strip_accents": "no"})");
  EXPECT_THAT(error_of(folder.path()), HasSubstr("strip_accents is \"no\", expected true or false"));
  write_file(folder / "spiece.model", "x");
  EXPECT_THAT(error_of(folder.path()), HasSubstr("holds both spiece.model and vocab.txt"));
}

TEST(WordPieceFiles, AFolderWithoutItsVocabularySaysWhatToDo) {
  const TemporaryFolder folder;
  make().save(folder.path(), 512);
  std::filesystem::remove(folder / "vocab.txt");  // tokenizer.json takes its place
  const auto opened = Tokenizer::open(folder.path());
  EXPECT_EQ(opened->vocabulary_size(), 9);
  std::vector<std::int32_t> ids;
  opened->encode("ab", ids);
  EXPECT_THAT(ids, ::testing::ElementsAre(8, 7));
  std::filesystem::remove(folder / "tokenizer.json");
  EXPECT_THAT(error_of(folder.path()), HasSubstr("holds no spiece.model, vocab.txt or tokenizer.json; expected"));
}

TEST(WordPieceFiles, WhatIsNoVocabularyIsNamed) {
  const TemporaryFolder folder;
  write_file(folder / "vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n");
  EXPECT_THAT(error_of(folder.path()), HasSubstr("vocab.txt: the special token [MASK] is not among its 4 lines"));
  write_file(folder / "vocab.txt", "");
  EXPECT_THAT(error_of(folder.path()), HasSubstr("the special token [PAD] is not among its 0 lines"));
  write_file(folder / "vocab.txt", "[PAD]\n\xff\n");
  EXPECT_THAT(error_of(folder.path()), HasSubstr("is not a WordPiece vocabulary: line 2 is not text"));
  testing::small_vocabulary()->save(folder / "made");
  write_file(folder / "spiece.txt", read_file(folder / "made/spiece.model"));
  EXPECT_THAT(error_of(folder / "spiece.txt"), HasSubstr("spiece.txt: is not a WordPiece vocabulary: line"));
}

}  // namespace
}  // namespace albert::text
