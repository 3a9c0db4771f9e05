#include "corpus/store/shard_check.h"

#include <chrono>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "corpus/store/manifest.h"
#include "corpus/store/shard.h"
#include "support/log_capture.h"
#include "support/random_documents.h"
#include "support/refusal.h"
#include "support/small_corpus.h"
#include "support/temporary_folder.h"

namespace albert::corpus {
namespace {

using ::testing::HasSubstr;
using testing::TemporaryFolder;

testing::SmallCorpus content() {
  return {.train = testing::random_documents({.num_documents = 12}, 1),
          .held_out = testing::random_documents({.num_documents = 3}, 2),
          .max_shard_tokens = 300};
}

/// Flips a bit in place, as a failing disk does under a corpus that is open.
void flip(const fs::path& path, std::uint64_t offset) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(offset));
  const char byte = static_cast<char>(file.get() ^ 1);
  file.seekp(static_cast<std::streamoff>(offset));
  file.put(byte);
}

std::string problem_of(const std::vector<std::shared_ptr<const Corpus>>& corpora) {
  const ShardCheck check(corpora);
  check.wait();
  return testing::refusal<DataError>([&] { check.require_sound(); });
}

TEST(ShardCheck, AWholeCorpusPasses) {
  const TemporaryFolder folder;
  const auto corpus = testing::open_corpus(folder.path(), content());
  ASSERT_GT(corpus->shards(Split::kTrain).size(), 1U);
  const ShardCheck check({corpus});
  check.wait();
  EXPECT_NO_THROW(check.require_sound());
  std::uint64_t size_bytes = 0;
  for (const ShardRecord& shard : corpus->manifest().shards) size_bytes += shard.file.size_bytes;
  EXPECT_EQ(check.total_bytes(), size_bytes);
  EXPECT_EQ(check.checked_bytes(), size_bytes);
}

TEST(ShardCheck, AFlippedBitIsFoundInEveryShardAndNamed) {
  const TemporaryFolder folder;
  const auto corpus = testing::open_corpus(folder.path(), content());
  for (const ShardRecord& shard : corpus->manifest().shards) {
    const fs::path path = folder / shard.file.name;
    for (const std::uint64_t offset : {std::uint64_t{33}, shard.file.size_bytes / 2, shard.file.size_bytes - 1}) {
      flip(path, offset);
      EXPECT_THAT(problem_of({corpus}),
                  ::testing::AllOf(HasSubstr(path.string() + ": damaged since the corpus was built"),
                                   HasSubstr("expected the checksum " + shard.file.checksum + ", found "),
                                   HasSubstr("build the corpus again"),
                                   HasSubstr("`albert corpus verify " + folder.path().string() + "`")))
          << offset;
      flip(path, offset);
    }
  }
  const ShardCheck check({corpus});
  check.wait();
  EXPECT_NO_THROW(check.require_sound());
}

TEST(ShardCheck, OfSeveralCorporaTheDamagedOneIsNamed) {
  const TemporaryFolder folder;
  const auto first = testing::open_corpus(folder / "a", content());
  const auto second = testing::open_corpus(folder / "b", content());
  flip(folder / "b/held-out-00000.shard", 40);
  EXPECT_THAT(problem_of({first, second}), HasSubstr((folder / "b/held-out-00000.shard").string()));
}

TEST(ShardCheck, SharesHaveEveryShardOnce) {
  const TemporaryFolder folder;
  const auto corpus = testing::open_corpus(folder.path(), content());
  const auto other = testing::open_corpus(folder / "other", content());
  const std::vector<ShardRecord>& shards = corpus->manifest().shards;
  ASSERT_GT(shards.size(), 3U);
  constexpr std::size_t kShares = 3;
  for (const ShardRecord& shard : shards) {
    flip(folder / shard.file.name, 40);
    std::size_t found = 0;
    for (std::size_t i = 0; i < kShares; ++i) {
      const ShardCheck check({other, corpus}, {.index = i, .count = kShares});
      check.wait();
      if (testing::error_of<DataError>([&] { check.require_sound(); }).find(shard.file.name) != std::string::npos)
        ++found;
    }
    EXPECT_EQ(found, 1U) << shard.file.name;
    flip(folder / shard.file.name, 40);
  }
  std::uint64_t size_bytes = 0;
  for (std::size_t i = 0; i < kShares; ++i)
    size_bytes += ShardCheck({corpus}, {.index = i, .count = kShares}).total_bytes();
  EXPECT_EQ(size_bytes, ShardCheck({corpus}).total_bytes());
}

TEST(ShardCheck, EndsAtOnceWhenTheRunEndsAndSaysHowFarItCame) {
  const TemporaryFolder folder;
  testing::SmallCorpus large;
  testing::Sentences document(20'000, std::vector<std::int32_t>(1000, 7));  // 40 MB
  large.train = {std::move(document)};
  const auto corpus = testing::open_corpus(folder.path(), large);
  const testing::LogCapture log(/*with_debug=*/true);
  const auto begin = std::chrono::steady_clock::now();
  {
    const ShardCheck check({corpus});
    EXPECT_LT(check.checked_bytes(), check.total_bytes());
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
  EXPECT_THAT(log.text(), HasSubstr("MB of the shards were compared with their checksums before the run ended"));
}

}  // namespace
}  // namespace albert::corpus
