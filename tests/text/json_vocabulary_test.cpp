#include "text/json_vocabulary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sentencepiece_processor.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/file.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "text/sentencepiece_model.h"
#include "text/small_vocabulary.h"
#include "text/tokenizer_files.h"
#include "text/wordpiece_tokenizer.h"

namespace albert::text {
namespace {

using ::testing::HasSubstr;
using testing::make_lines;
using testing::small_vocabulary;

/// A folder with a tokenizer.json as the program itself writes it, and with no vocabulary beside it.
class JsonVocabularyTest : public ::testing::Test {
 protected:
  JsonVocabularyTest() { save(*small_vocabulary()); }

  void save(const Tokenizer& tokenizer) {
    tokenizer.save(folder_.path());
    fs::remove(folder_ / kModelFile);
    fs::remove(folder_ / kVocabularyFile);
    content_ = nlohmann::ordered_json::parse(read_file(file()));
  }
  fs::path file() const { return folder_ / kTokenizerFile; }
  std::string error() const {
    write_file_atomically(file(), content_.dump());
    return albert::testing::error_of<ModelError>([&] { Tokenizer::open(folder_.path()); });
  }
  nlohmann::ordered_json& piece(const std::string& text) {
    for (auto& entry : content_["model"]["vocab"]) {
      if (entry[0] == text) return entry;
    }
    throw DataError("no piece {}", text);
  }

  albert::testing::TemporaryFolder folder_;
  nlohmann::ordered_json content_;
};

TEST_F(JsonVocabularyTest, IsTheOneThatTheFileWasMadeOf) {
  for (const TokenizerSettings settings : {TokenizerSettings{true, false}, TokenizerSettings{false, true}}) {
    save(*small_vocabulary(settings));
    EXPECT_EQ(Tokenizer::open(folder_.path())->fingerprint(), small_vocabulary(settings)->fingerprint());
  }
}

TEST_F(JsonVocabularyTest, SentencePieceOpensItToo) {
  sentencepiece::SentencePieceProcessor processor;
  ASSERT_TRUE(processor.LoadFromSerializedProto(read_json_vocabulary(file()).bytes).ok());
  EXPECT_EQ(processor.GetPieceSize(), small_vocabulary()->vocabulary_size());
  EXPECT_EQ(processor.unk_id(), small_vocabulary()->special().unknown);
  for (const std::string& line : make_lines(50, 3)) {
    if (line.find(',') != std::string::npos || line.find('`') != std::string::npos) continue;  // ALBERT's own rules
    std::vector<int> expected;
    std::string lower;
    for (const char c : line) lower += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    if (lower.find("caf") != std::string::npos) continue;  // so is how accents go
    ASSERT_TRUE(processor.Encode(lower, &expected).ok());
    std::vector<std::int32_t> found;
    small_vocabulary()->encode(line, found);
    EXPECT_EQ(found, expected) << line;
  }
}

TEST_F(JsonVocabularyTest, WordPieceIsTheSame) {
  const std::string text = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\n##re\nword\n";
  const WordPieceTokenizer tokenizer(WordPieceVocabulary::parse(text, "vocab.txt"), {});
  save(tokenizer);
  EXPECT_EQ(read_json_vocabulary(file()).bytes, text);
  EXPECT_EQ(Tokenizer::open(folder_.path())->fingerprint(), tokenizer.fingerprint());
}

TEST_F(JsonVocabularyTest, WhatWouldGiveOtherIdsIsRefused) {
  const nlohmann::ordered_json whole = content_;
  piece("\u25812000,")[1] = -9.5;
  EXPECT_THAT(error(), HasSubstr("expected one lowered by 100"));
  content_ = whole;
  content_["model"]["byte_fallback"] = true;
  EXPECT_THAT(error(), HasSubstr("byte fallback"));
  content_["model"]["type"] = "BPE";
  EXPECT_THAT(error(), HasSubstr("its model is BPE"));
}

TEST_F(JsonVocabularyTest, AVocabularyBesideItIsTheSame) {
  small_vocabulary()->save(folder_.path());
  EXPECT_EQ(error(), "");
  piece("\u25812000,")[1] = -1.5;  // a score may be written in more than one way
  content_["added_tokens"].push_back({{"id", 5}, {"content", "("}, {"special", false}});
  EXPECT_EQ(error(), "");
  content_["model"]["vocab"][7][0] = "other";
  EXPECT_THAT(error(), AllOf(HasSubstr("tokenizer.json: holds another vocabulary than spiece.model"),
                             HasSubstr(fmt::format("id 7: expected '{}', found 'other'", small_vocabulary()->piece(7))),
                             HasSubstr("put back the file")));
  content_["model"]["vocab"][7][0] = small_vocabulary()->piece(7);
  content_["model"]["vocab"].push_back({"more", -9.5});
  EXPECT_THAT(error(), HasSubstr("id 400: expected no piece, found 'more'"));
  content_["model"]["vocab"].erase(399);
  content_["model"]["vocab"].erase(399);
  EXPECT_THAT(error(), HasSubstr("found no piece"));
  content_["model"]["type"] = "BPE";
  EXPECT_THAT(error(), HasSubstr("its model is BPE"));
}

TEST_F(JsonVocabularyTest, OfAVocabTxtItHasNeitherEqualLinesNorSpacesAtTheirEnds) {
  const std::string text = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\nword\nthe\nlonger-than-small-strings\n##\u2028\n";
  save(WordPieceTokenizer(WordPieceVocabulary::parse(text, "vocab.txt"), {}));
  write_file_atomically(folder_ / kVocabularyFile, text);
  EXPECT_EQ(error(), "");
  content_["model"]["vocab"].erase("##\u2028");
  content_["model"]["vocab"]["##"] = 9;
  EXPECT_EQ(error(), "");
  content_["model"]["vocab"].erase("word");
  content_["model"]["vocab"]["words"] = 6;
  EXPECT_THAT(error(), HasSubstr("id 6: expected 'word', found 'words'"));
  content_["model"]["vocab"]["far"] = 4000;
  EXPECT_THAT(error(), HasSubstr("the piece 'far' has the id 4000 among"));
  content_["model"]["vocab"]["far"] = 10;
  content_["model"]["vocab"]["t\nw"] = 11;
  EXPECT_THAT(error(), HasSubstr("the piece 11 holds a line end"));
}

TEST_F(JsonVocabularyTest, PiecesAreDistinctAndOfBoundedLength) {
  const nlohmann::ordered_json whole = content_;
  content_["model"]["vocab"].push_back({"\u25812000,", -109.5});
  EXPECT_THAT(error(), HasSubstr("it holds the piece '\u25812000,' twice"));
  content_ = whole;
  content_["model"]["vocab"].push_back({std::string(4096, 'x'), -9.5});
  EXPECT_EQ(error(), "");
  content_["model"]["vocab"].push_back({std::string(4097, 'x'), -9.5});
  EXPECT_THAT(error(), HasSubstr("its piece 401 has 4097 bytes (limit 4096)"));
}

TEST_F(JsonVocabularyTest, DamageIsNamed) {
  const nlohmann::ordered_json whole = content_;
  content_.erase("model");
  EXPECT_THAT(error(), HasSubstr("tokenizer.json is not the file of a tokenizer: 'model' is missing"));
  content_ = whole;
  content_["model"]["vocab"][7] = "text";
  EXPECT_THAT(error(), HasSubstr(R"(model.vocab[7]: expected a list of a text and a number, found "text")"));
  content_["model"]["vocab"] = 5;
  EXPECT_THAT(error(), HasSubstr("model.vocab: expected a list, found 5"));
  content_["model"] = nlohmann::json::array();
  EXPECT_THAT(error(), HasSubstr("model: expected an object, found []"));
  content_ = whole;
  content_["normalizer"] = 5;
  EXPECT_THAT(error(), HasSubstr("normalizer: expected an object, found 5"));
  content_ = whole;
  content_["added_tokens"].push_back({{"id", 5}, {"content", ""}});
  EXPECT_THAT(error(), HasSubstr("expected a token that is no empty text"));
  content_ = whole;
  content_["normalizer"]["normalizers"].back()["precompiled_charsmap"] = "=AAA";
  EXPECT_THAT(error(), HasSubstr("no digit of Base64"));
  content_ = whole;
  piece("[MASK]")[0] = "[MASKED]";
  EXPECT_THAT(error(), HasSubstr("the special token [MASK] is not in the vocabulary"));
}

}  // namespace
}  // namespace albert::text
