#include "text/tokenizer_files.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/file.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "text/base64.h"
#include "text/small_vocabulary.h"

namespace albert::text {
namespace {

using albert::testing::TemporaryFolder;
using testing::small_vocabulary;

std::string error_of(const std::filesystem::path& path) {
  return albert::testing::refusal<ModelError>([&] { Tokenizer::open(path); });
}

TEST(TokenizerFiles, OpenWhatWasSaved) {
  for (const TokenizerSettings settings : {TokenizerSettings{true, false}, TokenizerSettings{false, true}}) {
    const TemporaryFolder folder;
    const auto tokenizer = small_vocabulary(settings);
    tokenizer->save(folder / "made");
    const auto opened = Tokenizer::open(folder / "made");
    EXPECT_EQ(opened->fingerprint(), tokenizer->fingerprint());
    EXPECT_EQ(opened->settings().do_lower_case, settings.do_lower_case);
    EXPECT_EQ(opened->settings().keep_accents, settings.keep_accents);
    // A bare model is lower-cased, accents stripped.
    EXPECT_TRUE(Tokenizer::open(folder / "made/spiece.model")->settings().do_lower_case);
  }
}

TEST(TokenizerFiles, HaveThePublishedLayout) {
  const TemporaryFolder folder;
  small_vocabulary()->save(folder.path(), 128);
  const auto file = nlohmann::json::parse(read_file(folder / "tokenizer.json"));
  std::vector<std::string> steps;
  for (const auto& step : file["normalizer"]["normalizers"]) steps.push_back(step["type"]);
  EXPECT_THAT(steps, ::testing::ElementsAre("Replace", "Replace", "NFKD", "StripAccents", "Lowercase", "Precompiled"));
  ASSERT_EQ(file["added_tokens"].size(), 5u);
  for (std::size_t id = 0; id < 5; ++id) {
    EXPECT_EQ(file["added_tokens"][id]["id"], id);
    EXPECT_EQ(file["added_tokens"][id]["lstrip"], id == 4);
  }
  EXPECT_EQ(file["model"]["vocab"].size(), 400u);
  const auto config = nlohmann::json::parse(read_file(folder / "tokenizer_config.json"));
  EXPECT_EQ(config["model_max_length"], 128);
  EXPECT_EQ(config["tokenizer_class"], "AlbertTokenizer");
  EXPECT_FALSE(config.contains("extra_special_tokens"));
}

TEST(TokenizerFiles, SettingsThatAreNotThereAreTheDefaults) {
  const TemporaryFolder folder;
  small_vocabulary({false, true})->save(folder.path());
  write_file_atomically(folder / "tokenizer_config.json", R"({"do_lower_case": false})");
  EXPECT_FALSE(Tokenizer::open(folder.path())->settings().do_lower_case);
  EXPECT_FALSE(Tokenizer::open(folder.path())->settings().keep_accents);
  std::filesystem::remove(folder / "tokenizer_config.json");
  EXPECT_TRUE(Tokenizer::open(folder.path())->settings().do_lower_case);
}

TEST(TokenizerFiles, TheLongestSequenceMayBeOpen) {
  const TemporaryFolder folder;
  EXPECT_FALSE(read_max_length(folder.path()));
  small_vocabulary()->save(folder.path(), 128);
  EXPECT_EQ(read_max_length(folder.path()), 128);
  // Transformers' int(1e30), as it writes it.
  for (const std::string length : {"1000000000000000019884624838656", "null", "0", "\"long\""}) {
    write_file_atomically(folder / "tokenizer_config.json", "{\"model_max_length\": " + length + "}");
    EXPECT_FALSE(read_max_length(folder.path())) << length;
  }
}

TEST(TokenizerFiles, WhatIsWrongIsNamed) {
  const TemporaryFolder folder;
  EXPECT_THAT(error_of(folder / "nothing"), ::testing::HasSubstr("no tokenizer at"));
  EXPECT_THAT(error_of(folder.path()), ::testing::HasSubstr("holds no spiece.model"));
  small_vocabulary()->save(folder.path());

  write_file_atomically(folder / "tokenizer_config.json", "{\"do_lower_case\": 1}");
  EXPECT_THAT(error_of(folder.path()), ::testing::HasSubstr("do_lower_case is 1, expected true or false"));
  write_file_atomically(folder / "tokenizer_config.json", "{");
  EXPECT_THAT(error_of(folder.path()), ::testing::HasSubstr("tokenizer_config.json is not valid"));
  write_file_atomically(folder / "tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
  EXPECT_THAT(error_of(folder.path()), ::testing::HasSubstr("BertTokenizer"));
  std::filesystem::remove(folder / "tokenizer_config.json");

  write_file_atomically(folder / "spiece.model", "not a model");
  EXPECT_THAT(error_of(folder.path()), ::testing::HasSubstr("is not a SentencePiece vocabulary"));
  write_file_atomically(folder / "spiece.model", "");
  EXPECT_THAT(error_of(folder.path()), ::testing::HasSubstr("no pieces"));
}

/// Whether a part of the model is refused, or is at least seen to be another vocabulary.
bool is_told_from_whole(const std::filesystem::path& part) {
  try {
    return Tokenizer::open(part)->fingerprint() != small_vocabulary()->fingerprint();
  } catch (const ModelError&) {
    return true;
  }
}

TEST(TokenizerFiles, TornModelsNeverOpenAndNeverCrash) {
  const TemporaryFolder folder;
  small_vocabulary()->save(folder.path());
  const std::string model = read_file(folder / "spiece.model");
  // The trainer's part and the character map follow the pieces: cut everywhere in what comes first, and here and there
  // in the rest.
  for (std::size_t size = 0; size < model.size(); size += size < 500 ? 7 : 9973) {
    write_file_atomically(folder / "torn.model", std::string_view(model).substr(0, size));
    EXPECT_TRUE(is_told_from_whole(folder / "torn.model")) << size;
  }
}

TEST(TokenizerFiles, ADiskThatRefusesIsAnError) {
  EXPECT_THROW(small_vocabulary()->save("/proc/nowhere"), IoError);
}

TEST(Base64, KnownAnswers) {  // RFC 4648, section 10
  EXPECT_EQ(to_base64(""), "");
  EXPECT_EQ(to_base64("f"), "Zg==");
  EXPECT_EQ(to_base64("fo"), "Zm8=");
  EXPECT_EQ(to_base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(to_base64("\xff\xfe\xfd"), "//79");
  for (const std::string text : {"", "f", "fo", "foo", "foob", "\xff\xfe\xfd"})
    EXPECT_EQ(from_base64(to_base64(text)), text);
  for (const std::string text : {"Zg=", "Zg", "Z!==", "Z===", "=Zg="})
    EXPECT_THROW(from_base64(text), ModelError) << text;
}

}  // namespace
}  // namespace albert::text
