#include "corpus/dedup/duplicates.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>
#include <sys/resource.h>

#include "base/error.h"
#include "base/file.h"
#include "base/random.h"
#include "base/signals.h"
#include "corpus/dedup/removal_lists.h"
#include "corpus/dedup/repeated_lines.h"
#include "corpus/encoding/min_hash.h"
#include "corpus/encoding/spool.h"
#include "support/temporary_folder.h"

namespace albert::corpus {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kValuesOfBand = 6;
constexpr std::size_t kFewestEqual = 96;  // 0.8 of 120

Signature random_signature(std::uint64_t key) {
  Random random(key, 3);
  Signature signature;
  for (std::uint16_t& value : signature) value = static_cast<std::uint16_t>(random.below(1 << 16));
  return signature;
}

/// The same with other values in the places begin .. end-1.
Signature changed(Signature signature, std::size_t begin, std::size_t end, std::uint16_t by = 1) {
  for (std::size_t i = begin; i < end; ++i) signature[i] = static_cast<std::uint16_t>(signature[i] + by);
  return signature;
}

/// Spools of documents of which nothing is known but hashes and signatures.
class DuplicatesTest : public ::testing::Test {
 protected:
  /// \param text documents of the same one have the same text
  void add(const Signature& signature, std::uint64_t text) {
    documents_.push_back({.hash = {.high = text, .low = ~text}, .begin = 10 * documents_.size(), .has_words = 1});
    signatures_.push_back(signature);
  }
  void add(const Signature& signature) { add(signature, 1'000'000 + documents_.size()); }

  std::vector<fs::path> spools(std::size_t count) const {
    std::vector<fs::path> folders;
    for (std::size_t i = 0; i < count; ++i) {
      folders.push_back(folder_ / fmt::format("spool{}of{}", i, count));
      fs::create_directories(folders.back());
      CheckedWriter documents(folders.back(), std::string(kDocumentsFile));
      CheckedWriter signatures(folders.back(), std::string(kSignaturesFile));
      for (std::size_t j = documents_.size() * i / count; j < documents_.size() * (i + 1) / count; ++j) {
        documents.write(bytes_of(documents_[j]));
        signatures.write(bytes_of(signatures_[j]));
      }
      documents.finish();
      signatures.finish();
    }
    return folders;
  }

  /// Each document that is left out with its original.
  std::map<std::uint64_t, std::uint64_t> find(std::size_t num_spools = 1) {
    const fs::path scratch = folder_ / "scratch";
    fs::create_directories(scratch);
    counts_ = find_duplicates(spools(num_spools), Deduplicate::kNear, scratch, folder_ / "found");
    EXPECT_TRUE(fs::is_empty(scratch));
    std::map<std::uint64_t, std::uint64_t> found;
    RecordReader<Duplicate> reader(folder_ / "found");
    while (const std::optional<Duplicate> each = reader.next()) {
      EXPECT_TRUE(found.empty() || found.rbegin()->first < each->document);
      EXPECT_LT(each->original, each->document);
      EXPECT_EQ(each->num_equal, num_equal_values(signatures_[each->document], signatures_[each->original]));
      EXPECT_EQ(each->likeness == Likeness::kSameText,
                documents_[each->document].hash == documents_[each->original].hash);
      found[each->document] = each->original;
    }
    for (const auto& [document, original] : found)
      EXPECT_FALSE(found.contains(original)) << original << " does not stay";
    return found;
  }

  using Found = std::map<std::uint64_t, std::uint64_t>;

  testing::TemporaryFolder folder_;
  std::vector<SpooledDocument> documents_;
  std::vector<Signature> signatures_;
  DuplicateCounts counts_;
};

TEST_F(DuplicatesTest, WhatIsLikeALeftOutDocumentOnlyStays) {
  const Signature first = random_signature(1);
  const Signature second = changed(first, 0, 20);
  const Signature third = changed(second, 20, 40);  // 0.83 like the second, 0.67 like the first
  const Signature fourth = changed(third, 40, 60);  // 0.83 like the third
  for (const Signature& each : {first, second, third, fourth}) add(each);
  EXPECT_EQ(find(), (Found{{1, 0}, {3, 2}}));
  EXPECT_EQ(counts_.near, 2u);
}

TEST_F(DuplicatesTest, TheThresholdIsWhereItIsSaidToBe) {
  const Signature first = random_signature(1);
  add(first);
  add(changed(first, kFewestEqual, kSignatureValues));
  EXPECT_EQ(find(), (Found{{1, 0}}));
  documents_.pop_back();
  signatures_.pop_back();
  add(changed(first, kFewestEqual - 1, kSignatureValues));
  EXPECT_EQ(find(), Found{});
}

TEST_F(DuplicatesTest, WhatHasTheTextOfALeftOutDocumentIsLikeItsOriginal) {
  const Signature first = random_signature(1);
  add(first, 1);
  add(changed(first, 0, 10), 2);
  add(changed(first, 0, 10), 2);
  add(random_signature(2), 3);
  add(first, 1);
  add(random_signature(2), 3);
  EXPECT_EQ(find(), (Found{{1, 0}, {2, 0}, {4, 0}, {5, 3}}));
  EXPECT_EQ(counts_.exact, 3u);
  EXPECT_EQ(counts_.near, 1u);
}

TEST_F(DuplicatesTest, InALargeBucketTheFirstOnesAndThoseBeforeAreCompared) {
  // All share the first band alone.
  const Signature shared = random_signature(1);
  const auto member = [&](std::uint64_t key) {
    Signature signature = random_signature(key);
    std::copy_n(shared.begin(), kValuesOfBand, signature.begin());
    return signature;
  };
  // Like the member by 0.84, but in no other band equal to it.
  const auto like = [&](std::uint64_t key) {
    Signature signature = member(key);
    for (std::size_t i = kValuesOfBand; i < kSignatureValues; i += kValuesOfBand) ++signature[i];
    return signature;
  };
  for (std::uint64_t i = 0; i < 40; ++i) add(member(100 + i));
  add(like(137));  // 3 before it
  add(like(107));  // the 8th
  add(like(108));  // the 9th: not compared
  EXPECT_EQ(find(), (Found{{40, 37}, {41, 7}}));
}

TEST_F(DuplicatesTest, DoNotDependOnTheNumberOfSpools) {
  Random random(5, 1);
  for (std::uint64_t i = 0; i < 400; ++i) {
    const std::uint64_t key = random.below(60);
    if (random.below(4) == 0) {
      add(random_signature(key), key);
    } else {
      const auto begin = static_cast<std::size_t>(random.below(90));
      const auto by = static_cast<std::uint16_t>(1 + random.below(3));
      add(changed(random_signature(key), begin, begin + random.below(30), by));
    }
  }
  const Found expected = find();
  EXPECT_GT(expected.size(), 200u);
  EXPECT_LT(expected.size(), 340u);  // some of a group are not like one another
  const std::string bytes = read_file(folder_ / "found");
  const auto list = [&](std::size_t count) {
    fs::create_directories(folder_ / "scratch");
    write_duplicates_list(folder_.path(), folder_ / "found", spools(count), folder_ / "scratch");
    return read_file(folder_ / std::string(kDuplicatesList));
  };
  const std::string expected_list = list(1);
  EXPECT_NE(expected_list.find(
                fmt::format("\n1\t{}\t1\t{}\t", 10 * expected.rbegin()->first, 10 * expected.rbegin()->second)),
            std::string::npos);
  for (const std::size_t count : {2, 7, 100}) {
    EXPECT_EQ(find(count), expected) << count;
    EXPECT_EQ(read_file(folder_ / "found"), bytes) << count;
    EXPECT_EQ(list(count), expected_list) << count;
  }
}

TEST_F(DuplicatesTest, AreFoundAmongMoreSpoolsThanFilesMayBeOpen) {
  for (std::uint64_t i = 0; i < 200; ++i) add(random_signature(i % 150));
  const std::vector<fs::path> folders = spools(200);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit few{.rlim_cur = 64, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  fs::create_directories(folder_ / "scratch");
  EXPECT_NO_THROW({
    counts_ = find_duplicates(folders, Deduplicate::kNear, folder_ / "scratch", folder_ / "found");
    write_duplicates_list(folder_.path(), folder_ / "found", folders, folder_ / "scratch");
  });
  EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(counts_.near, 50u);
}

TEST_F(DuplicatesTest, AreFoundWhereWhatIsSortedDoesNotFitIntoMemory) {
  constexpr std::uint64_t kOriginals = 60'000;  // 20 MB of keys of bands
  for (std::uint64_t i = 0; i < kOriginals; ++i) add(random_signature(i));
  for (std::uint64_t i = 0; i < kOriginals; i += 10) add(changed(random_signature(i), i % 100, i % 100 + 10));
  const Found found = find(3);
  EXPECT_EQ(found.size(), kOriginals / 10);
  for (const auto& [document, original] : found) EXPECT_EQ(original, (document - kOriginals) * 10);
}

TEST_F(DuplicatesTest, ASignalEndsTheSearch) {
  for (std::uint64_t i = 0; i < 10; ++i) add(random_signature(i));
  const std::vector<fs::path> folders = spools(2);
  fs::create_directories(folder_ / "scratch");
  for (const fs::path& folder : folders) {
    CheckedWriter lines(folder, std::string(kLinesFile));
    lines.write(bytes_of(SpooledLine{.hash = 1, .document = 0}));
    lines.finish();
  }
  const StopRequest stop;
  std::raise(SIGUSR1);
  for (const Deduplicate each : {Deduplicate::kExact, Deduplicate::kNear}) {
    EXPECT_THROW(find_duplicates(folders, each, folder_ / "scratch", folder_ / "found"), Error);
  }
  EXPECT_THROW(RepeatedLines(folders, 1, std::nullopt, folder_ / "scratch"), Error);
}

}  // namespace
}  // namespace albert::corpus
