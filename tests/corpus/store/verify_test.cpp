#include "corpus/store/verify.h"

#include <cstring>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/checksum.h"
#include "base/error.h"
#include "base/file.h"
#include "corpus/store/corpus.h"
#include "corpus/store/shard.h"
#include "support/small_corpus.h"
#include "support/temporary_folder.h"

namespace albert::corpus {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TemporaryFolder;

testing::SmallCorpus content() {
  return {
      .train = {{{5, 6, 7}, {8}}, {{9, 10}}, {{11}, {12, 13}}}, .held_out = {{{14, 15}, {16}}}, .max_shard_tokens = 6};
}

/// Opens the corpus and reads every token: what training would do. Data errors are its right to give, crashes are not.
void read_everything(const fs::path& folder) {
  try {
    const auto corpus = Corpus::open(folder);
    for (const Split split : {Split::kTrain, Split::kHeldOut}) {
      for (std::uint64_t i = 0; i < corpus->num_documents(split); ++i)
        testing::sentences_of(corpus->document(split, i));
    }
  } catch (const DataError&) {  // NOLINT(bugprone-empty-catch): it may
  }
}

/// The problems that verify() reports, a missing or damaged manifest among them.
std::vector<std::string> problems_of(const fs::path& folder) {
  try {
    return verify(folder).problems;
  } catch (const DataError& error) {
    return {error.what()};
  }
}

std::vector<std::string> files_of(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) names.push_back(fs::relative(entry.path(), folder).string());
  }
  return names;
}

/// Changes one byte in place.
void put(const fs::path& path, std::size_t offset, char byte) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(offset));
  file.put(byte);
}

void overwrite(const fs::path& path, std::string_view bytes) {
  FileWriter file(path);
  file.write(bytes);
  file.flush();
}

TEST(Verify, FindsNothingInASoundCorpus) {
  const TemporaryFolder folder;
  testing::write_corpus(folder.path(), content());
  const Verification verification = verify(folder.path());
  EXPECT_THAT(verification.problems, IsEmpty());
  EXPECT_EQ(verification.num_files, 5U);  // three shards, the tokenizer, the manifest
  std::uint64_t size_bytes = 0;
  for (const std::string& name : files_of(folder.path())) size_bytes += fs::file_size(folder / name);
  EXPECT_EQ(verification.size_bytes, size_bytes);
}

class VerifyFile : public ::testing::TestWithParam<std::string> {};

TEST_P(VerifyFile, FindsEveryFlippedByteAndNothingCrashes) {
  const TemporaryFolder folder;
  testing::write_corpus(folder.path(), content());
  const fs::path path = folder / GetParam();
  const std::string bytes = read_file(path);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const int flip : {0x01, 0x80, 0xff}) {
      put(path, i, static_cast<char>(bytes[i] ^ flip));
      EXPECT_THAT(problems_of(folder.path()), ::testing::ElementsAre(HasSubstr(path.string()))) << "byte " << i;
      read_everything(folder.path());
    }
    put(path, i, bytes[i]);
  }
  EXPECT_THAT(problems_of(folder.path()), IsEmpty());
}

TEST_P(VerifyFile, FindsEveryTruncationAndNothingCrashes) {
  const TemporaryFolder folder;
  testing::write_corpus(folder.path(), content());
  const fs::path path = folder / GetParam();
  const std::uintmax_t whole = fs::file_size(path);
  fs::resize_file(path, whole + 1);
  EXPECT_THAT(problems_of(folder.path()), ::testing::ElementsAre(HasSubstr(path.string())));
  for (std::uintmax_t size = whole; size-- > 0;) {
    fs::resize_file(path, size);
    EXPECT_THAT(problems_of(folder.path()), ::testing::ElementsAre(HasSubstr(path.string()))) << "cut at " << size;
    read_everything(folder.path());
  }
  fs::remove(path);
  EXPECT_EQ(problems_of(folder.path()).size(), 1U);
  read_everything(folder.path());
}

INSTANTIATE_TEST_SUITE_P(EveryFile, VerifyFile,
                         ::testing::Values("train-00000.shard", "train-00001.shard", "held-out-00000.shard",
                                           "manifest.json", "tokenizer/spiece.model"),
                         [](const auto& parameter) {
                           std::string name = parameter.param;
                           std::erase_if(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; });
                           return name;
                         });

TEST(Verify, NamesEveryDamagedFile) {
  const TemporaryFolder folder;
  testing::write_corpus(folder.path(), content());
  fs::remove(folder / "train-00000.shard");
  overwrite(folder / "tokenizer/spiece.model", "fakE");
  overwrite(folder / "train-00007.shard", "");
  EXPECT_THAT(
      problems_of(folder.path()),
      ::testing::ElementsAre(HasSubstr("train-00000.shard: missing"), HasSubstr("spiece.model: the content differs"),
                             HasSubstr("train-00007.shard: a shard that the manifest does not name")));
}

/// Changes 8 bytes of a shard, and gives shard and manifest checksums that fit again: the work of a faulty writer.
void rewrite(const fs::path& folder, std::size_t offset, std::uint64_t value) {
  Manifest manifest = read_manifest(folder);
  FileRecord& record = manifest.shards[0].file;
  std::string bytes = read_file(folder / record.name);
  std::memcpy(bytes.data() + offset, &value, sizeof value);
  bytes.replace(bytes.size() - 32, 32, checksum_of(bytes.substr(0, bytes.size() - 32)));
  overwrite(folder / record.name, bytes);
  record = record_file(folder, record.name);
  write_manifest(folder, manifest);
}

// Whatever the offsets say, nothing may crash, and verify() says what is wrong.
TEST(Verify, FindsOffsetsThatAWriterGotWrong) {
  // Of the first shard: 32 bytes of header, 6 tokens in 16 bytes, 3 sentence ends, 2 document ends.
  for (const std::size_t offset : {48U, 56U, 64U, 72U, 80U}) {
    for (const std::uint64_t value :
         {std::uint64_t{0}, std::uint64_t{1} << 20, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
      const TemporaryFolder folder;
      testing::write_corpus(folder.path(), content());
      rewrite(folder.path(), offset, value);
      EXPECT_EQ(problems_of(folder.path()).size(), 1U) << offset << " " << value;
      read_everything(folder.path());
    }
  }
}

TEST(Verify, FindsIdsOutsideTheVocabularyThatAWriterGotWrong) {
  const TemporaryFolder folder;
  testing::write_corpus(folder.path(), content());
  rewrite(folder.path(), 32, 0x0064000600050006);
  EXPECT_THAT(problems_of(folder.path()), ::testing::ElementsAre(HasSubstr("the id 100 is outside the vocabulary")));
}

}  // namespace
}  // namespace albert::corpus
