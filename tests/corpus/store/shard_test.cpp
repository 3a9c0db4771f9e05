#include "corpus/store/shard.h"

#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/atomic_file.h"
#include "base/checksum.h"
#include "base/error.h"
#include "base/file.h"
#include "corpus/store/shard_writer.h"
#include "support/refusal.h"
#include "support/small_corpus.h"
#include "support/temporary_folder.h"

namespace albert::corpus {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Sentences;
using testing::TemporaryFolder;

std::vector<ShardRecord> write(const fs::path& folder, const std::vector<Sentences>& documents,
                               const testing::SmallCorpus& settings = {}) {
  return testing::write_shards(folder, Split::kTrain, documents, settings);
}

template <typename T>
T value_at(const std::string& bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

// README.md is the specification: this reads a shard by the offsets given there, without shard.h.
TEST(ShardWriter, WritesTheDocumentedFormat) {
  const TemporaryFolder folder;
  const std::vector<ShardRecord> records = write(folder.path(), {{{5, 6}, {7}}, {{8, 9}}});
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].file.name, "train-00000.shard");
  const std::string bytes = read_file(folder / "train-00000.shard");
  ASSERT_EQ(bytes.size(), 32U + 16 + 3 * 8 + 2 * 8 + 64);
  EXPECT_EQ(bytes.substr(0, 8), "ALBSHARD");
  EXPECT_EQ(value_at<std::uint32_t>(bytes, 8), 1U);
  EXPECT_EQ(value_at<std::uint32_t>(bytes, 12), 2U);
  EXPECT_EQ(value_at<std::uint32_t>(bytes, 16), 100U);
  EXPECT_EQ(bytes.substr(20, 12), std::string(12, '\0'));
  for (std::uint16_t i = 0; i < 5; ++i) EXPECT_EQ(value_at<std::uint16_t>(bytes, 32U + 2U * i), 5 + i);
  EXPECT_EQ(bytes.substr(42, 6), std::string(6, '\0'));
  const auto ends = value_at<std::array<std::uint64_t, 5>>(bytes, 48);
  EXPECT_THAT(ends, ElementsAre(2, 3, 5, 2, 3));
  EXPECT_EQ(bytes.substr(88, 8), "ALBSHEND");
  EXPECT_THAT((value_at<std::array<std::uint64_t, 3>>(bytes, 96)), ElementsAre(5, 3, 2));
  EXPECT_EQ(bytes.substr(120), checksum_of(bytes.substr(0, 120)));
  EXPECT_EQ(records[0].file.checksum, checksum_of(bytes));
  EXPECT_EQ(records[0].file.size_bytes, bytes.size());
}

TEST(ShardWriter, WidensTokensForALargeVocabulary) {
  const TemporaryFolder folder;
  for (const auto& [vocabulary_size, token_bytes] : {std::pair{65536, 2U}, std::pair{65537, 4U}}) {
    const std::int32_t last = vocabulary_size - 1;
    const auto records =
        write(folder.path(), {{{5, last}}}, {.train = {}, .held_out = {}, .vocabulary_size = vocabulary_size});
    EXPECT_EQ(value_at<std::uint32_t>(read_file(folder / "train-00000.shard"), 12), token_bytes);
    std::vector<std::int32_t> ids;
    const Shard shard(folder.path(), records.at(0), vocabulary_size);
    shard.append(shard.tokens_of(0), ids);
    EXPECT_THAT(ids, ElementsAre(5, last));
  }
}

TEST(ShardWriter, BeginsAShardAfterTheDocumentThatReachesTheLimit) {
  const TemporaryFolder folder;
  const Sentences long_document(6, {5, 6, 7});
  const auto records = write(folder.path(), {{{5, 6}}, {{7, 8}}, {{9}}, long_document, {{5}}},
                             {.train = {}, .held_out = {}, .max_shard_tokens = 4});
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0].counts, (Counts{.documents = 2, .sentences = 2, .tokens = 4}));
  EXPECT_EQ(records[1].counts, (Counts{.documents = 2, .sentences = 7, .tokens = 19}));
  EXPECT_EQ(records[2].counts, (Counts{.documents = 1, .sentences = 1, .tokens = 1}));
  EXPECT_EQ(records[2].file.name, "train-00002.shard");
}

TEST(ShardWriter, LeavesOutWhatIsEmpty) {
  const TemporaryFolder folder;
  const auto records = write(folder.path(), {{}, {{}}, {{5}, {}}, {}});
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].counts, (Counts{.documents = 1, .sentences = 1, .tokens = 1}));
  EXPECT_TRUE(write(folder.path(), {{}, {}}).empty());
}

TEST(ShardWriter, LeavesNoOtherFiles) {
  const TemporaryFolder folder;
  write(folder.path(), {{{5, 6}, {7}}});
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder.path())) names.push_back(entry.path().filename().string());
  EXPECT_THAT(names, ElementsAre("train-00000.shard"));
}

TEST(ShardWriter, RefusesAnIdOutsideTheVocabulary) {
  const TemporaryFolder folder;
  EXPECT_THROW(write(folder.path(), {{{5, 100}}}), InternalError);
  EXPECT_THROW(write(folder.path(), {{{-1}}}), InternalError);
}

TEST(Shard, FindsWhereATokenIs) {
  const TemporaryFolder folder;
  const auto records = write(folder.path(), {{{5, 6}, {7}}, {{8, 9}}});
  const Shard shard(folder.path(), records[0], 100);
  EXPECT_EQ(shard.sentences_of(0), (Range{0, 2}));
  EXPECT_EQ(shard.sentences_of(1), (Range{2, 3}));
  EXPECT_EQ(shard.document_tokens(0), (Range{0, 3}));
  EXPECT_EQ(shard.document_tokens(1), (Range{3, 5}));
  const std::array<std::uint64_t, 5> sentences = {0, 0, 1, 2, 2};
  for (std::uint64_t token = 0; token < 5; ++token) {
    EXPECT_EQ(shard.sentence_at(token), sentences[token]);
    EXPECT_EQ(shard.document_at(token), token < 3 ? 0U : 1U);
  }
}

std::string message_of_opening(const fs::path& folder, const ShardRecord& record, std::int32_t vocabulary_size = 100) {
  return albert::testing::error_of<DataError>([&] { const Shard shard(folder, record, vocabulary_size); });
}

TEST(Shard, RefusesWhatIsNotTheShardOfTheManifest) {
  const TemporaryFolder folder;
  const ShardRecord record = write(folder.path(), {{{5, 6}, {7}}})[0];
  EXPECT_EQ(message_of_opening(folder.path(), record), "");
  EXPECT_THAT(message_of_opening(folder.path(), record, 90),
              HasSubstr("expected tokens of 2 bytes from a vocabulary of 90"));
  ShardRecord other = record;
  other.counts.sentences = 1;
  EXPECT_THAT(message_of_opening(folder.path(), other), HasSubstr("expected 1 documents, 1 sentences"));

  const std::string bytes = read_file(folder / record.file.name);
  const auto message_after = [&](std::size_t offset, char value) {
    std::string damaged = bytes;
    damaged[offset] = value;
    write_file_atomically(folder / record.file.name, damaged);
    return message_of_opening(folder.path(), record);
  };
  EXPECT_THAT(message_after(0, 'X'), HasSubstr("offset 0: not a shard"));
  EXPECT_THAT(message_after(8, 2), HasSubstr("expected shard version 1, found 2"));
  EXPECT_THAT(message_after(bytes.size() - 64, 'X'), HasSubstr("no footer"));
  write_file_atomically(folder / record.file.name, bytes.substr(1));
  EXPECT_THAT(message_of_opening(folder.path(), record),
              HasSubstr(fmt::format("expected {} bytes, found {}", bytes.size(), bytes.size() - 1)));
  fs::remove(folder / record.file.name);
  EXPECT_THAT(message_of_opening(folder.path(), record), HasSubstr("missing"));
}

// Counts that header, footer and manifest agree on, but that no file of this size can hold.
TEST(Shard, RefusesCountsThatDoNotFitTheFile) {
  const TemporaryFolder folder;
  ShardRecord record = write(folder.path(), {{{5, 6}, {7}}})[0];
  for (const std::uint64_t num_tokens : {std::uint64_t{200}, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    std::string bytes = read_file(folder / record.file.name);
    std::memcpy(bytes.data() + bytes.size() - 56, &num_tokens, sizeof num_tokens);
    write_file_atomically(folder / record.file.name, bytes);
    record.counts.tokens = num_tokens;
    EXPECT_THAT(message_of_opening(folder.path(), record), HasSubstr("do not fit a file of"));
  }
}

}  // namespace
}  // namespace albert::corpus
