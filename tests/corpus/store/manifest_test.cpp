#include "corpus/store/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/checksum.h"
#include "base/error.h"
#include "base/file.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"

namespace albert::corpus {
namespace {

using ::testing::HasSubstr;

Manifest example() {
  Manifest manifest;
  manifest.tokenizer_fingerprint = "abc";
  manifest.vocabulary_size = 30000;
  manifest.settings = {{"language", "en"}, {"format", "text"}};
  manifest.statistics = {{"repaired_bytes", 3}};
  manifest.shards = {{.file = {.name = "train-00000.shard", .size_bytes = 100, .checksum = "12"},
                      .split = Split::kTrain,
                      .counts = {.documents = 2, .sentences = 5, .tokens = 20}},
                     {.file = {.name = "train-00001.shard", .size_bytes = 80, .checksum = "34"},
                      .split = Split::kTrain,
                      .counts = {.documents = 1, .sentences = 2, .tokens = 9}},
                     {.file = {.name = "held-out-00000.shard", .size_bytes = 90, .checksum = "56"},
                      .split = Split::kHeldOut,
                      .counts = {.documents = 1, .sentences = 3, .tokens = 7}}};
  manifest.files = {{.name = "tokenizer/spiece.model", .size_bytes = 7, .checksum = "78"}};
  return manifest;
}

std::string message_of(const std::string& json) {
  return albert::testing::error_of<DataError>([&] { parse_manifest(json, "corpus/manifest.json"); });
}

/// The text with `from` replaced, under a checksum that fits again.
std::string rewritten(const std::string& from, const std::string& to) {
  std::string json = to_json(example());
  json.replace(json.find(from), from.size(), to);
  const std::size_t digits = json.rfind(R"("checksum": ")") + 13;
  json.replace(digits, 32, std::string(32, '0'));
  return json.replace(digits, 32, checksum_of(json));
}

TEST(Manifest, ReadsBackWhatItWrote) {
  const testing::TemporaryFolder folder;
  write_manifest(folder.path(), example());
  EXPECT_EQ(read_manifest(folder.path()), example());
  EXPECT_EQ(read_file(folder / "manifest.json"), to_json(example()));
}

TEST(Manifest, SumsItsShards) {
  EXPECT_EQ(example().counts(Split::kTrain), (Counts{.documents = 3, .sentences = 7, .tokens = 29}));
  EXPECT_EQ(example().counts(Split::kHeldOut), (Counts{.documents = 1, .sentences = 3, .tokens = 7}));
}

TEST(Manifest, KeepsSettingsThatAreNotUtf8FromBreakingIt) {
  Manifest manifest = example();
  manifest.settings["separator"] = "\xff";
  EXPECT_EQ(parse_manifest(to_json(manifest), "m").settings.at("separator"), "\xEF\xBF\xBD");
}

TEST(Manifest, FindsEveryFlippedBit) {
  const std::string json = to_json(example());
  ASSERT_EQ(message_of(json), "");
  for (std::size_t i = 0; i < json.size(); ++i) {
    for (const int bit : {0, 3, 7}) {
      std::string damaged = json;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      EXPECT_THAT(message_of(damaged), HasSubstr("corpus/manifest.json: ")) << "byte " << i << " bit " << bit;
    }
  }
}

TEST(Manifest, FindsEveryMissingOrAddedByte) {
  const std::string json = to_json(example());
  for (std::size_t i = 0; i < json.size(); ++i) {
    EXPECT_NE(message_of(json.substr(0, i)), "") << "cut at " << i;
    std::string shorter = json;
    EXPECT_NE(message_of(shorter.erase(i, 1)), "") << "without byte " << i;
  }
  EXPECT_NE(message_of(json + "\n"), "");
}

TEST(Manifest, RefusesWhatItCannotUse) {
  EXPECT_THAT(message_of(rewritten("\"version\": 1", "\"version\": 2")), HasSubstr("expected version 1, found 2"));
  EXPECT_THAT(message_of(rewritten("train-00001.shard", "../secret")), HasSubstr("outside the folder"));
  EXPECT_THAT(message_of(rewritten("tokenizer/spiece.model", "/etc/passwd")), HasSubstr("outside the folder"));
  EXPECT_THAT(message_of(rewritten("\"held-out\"", "\"test\"")), HasSubstr("unknown split 'test'"));
  EXPECT_THAT(message_of(rewritten("30000", "-1")), HasSubstr("vocabulary_size is -1"));
  for (const char* number : {"\"many\"", "true", "30000.5", "1e300", "4294967297"}) {
    EXPECT_THAT(message_of(rewritten("30000", number)), HasSubstr("vocabulary_size: expected a whole number"))
        << number;
  }
  EXPECT_THAT(message_of(rewritten("\"settings\"", "\"things\"")), HasSubstr("settings"));
}

TEST(Manifest, SaysThatAFolderIsNoCorpus) {
  const testing::TemporaryFolder folder;
  try {
    read_manifest(folder.path());
    FAIL();
  } catch (const DataError& error) {
    EXPECT_THAT(error.what(), HasSubstr("not a corpus"));
  }
}

}  // namespace
}  // namespace albert::corpus
