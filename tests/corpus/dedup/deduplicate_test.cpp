#include <map>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "base/random.h"
#include "corpus/building/builder.h"
#include "corpus/dedup/removal_lists.h"
#include "corpus/parts/merger.h"
#include "corpus/parts/part_builder.h"
#include "corpus/store/corpus.h"
#include "corpus/store/statistics.h"
#include "corpus/store/summary.h"
#include "corpus/store/verify.h"
#include "support/fake_tokenizer.h"
#include "support/log_capture.h"
#include "support/small_corpus.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert::corpus {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TemporaryFolder;

/// A document of sentences of random numbers, in lines that are paragraphs.
std::string text_of(std::uint64_t key, int num_lines = 30) {
  Random random(key, 9);
  std::string text;
  for (int i = 0; i < num_lines; ++i) {
    for (int j = 0; j < 10; ++j) text += std::to_string(1000 + random.below(50'000)) + ' ';
    text += "7.\n";
  }
  return text;
}

class DeduplicateTest : public ::testing::Test {
 protected:
  DeduplicateTest() {
    options_.output = folder_ / "corpus";
    options_.reader.document_separator = "^DOCUMENT";
    options_.reader.paragraph_break = ParagraphBreak::kNewline;
    options_.assembly.held_out = 0.2;
    options_.overwrite = true;
    options_.num_threads = 2;
  }

  /// Adds a document. Its separator is not of its text: the documents of equal texts are equal.
  void add(const std::string& text) { input_ += "DOCUMENT\n" + text; }

  /// Builds in one go and in parts, which must give the same bytes.
  Manifest build() {
    testing::write_file(folder_ / "input.txt", input_);
    options_.inputs.paths = {(folder_ / "input.txt").string()};
    const Manifest manifest = build_corpus(options_, tokenizer_);
    for (const std::uint64_t count : {1, 4}) {
      BuildOptions options = options_;
      options.output = folder_ / "parts";
      fs::remove_all(options.output);
      for (std::uint64_t i = 1; i <= count; ++i) build_part(options, {.number = i, .count = count}, tokenizer_, "1");
      EXPECT_EQ(
          merge_corpus(find_parts({options.output}, PartKind::kCorpus, "1"), folder_ / "merged", true, tokenizer_),
          manifest);
      EXPECT_EQ(content(folder_ / "merged"), content(options_.output)) << count << " parts";
    }
    EXPECT_THAT(verify(options_.output).problems, IsEmpty());
    EXPECT_EQ(read_manifest(options_.output), manifest);
    return manifest;
  }

  static std::map<std::string, std::string> content(const fs::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file()) files[fs::relative(entry.path(), folder)] = read_file(entry.path());
    }
    return files;
  }

  static std::uint64_t num_documents(const Manifest& manifest) {
    return manifest.counts(Split::kTrain).documents + manifest.counts(Split::kHeldOut).documents;
  }
  static std::uint64_t num_tokens(const Manifest& manifest) {
    return manifest.counts(Split::kTrain).tokens + manifest.counts(Split::kHeldOut).tokens;
  }
  static std::uint64_t statistic_of(const Manifest& manifest, const char* name) { return manifest.statistics.at(name); }

  TemporaryFolder folder_;
  testing::LogCapture log_;
  testing::FakeTokenizer tokenizer_{100'000};
  BuildOptions options_;
  std::string input_;
};

TEST_F(DeduplicateTest, OfEqualDocumentsTheFirstStays) {
  for (std::uint64_t i = 0; i < 60; ++i) add(text_of(i % 40, i % 40 == 3 ? 3000 : 5));
  options_.assembly.deduplicate = Deduplicate::kExact;
  const Manifest manifest = build();
  EXPECT_EQ(num_documents(manifest), 40u);
  EXPECT_EQ(statistic_of(manifest, statistic::kExactDuplicates), 20u);
  EXPECT_EQ(statistic_of(manifest, statistic::kDuplicateTokens) + num_tokens(manifest), (58u * 5 + 2 * 3000) * 11);
  EXPECT_EQ(manifest.settings.at("deduplicate"), "exact");
  ASSERT_EQ(manifest.duplicates.size(), 20u);
  const DuplicateRecord& first = manifest.duplicates.front();
  EXPECT_EQ(input_.substr(first.byte, 40), input_.substr(first.like_byte, 40));
  EXPECT_EQ(first.like_byte, 0u);
  EXPECT_THAT(summary_text(manifest), HasSubstr("20 exact duplicates left out, with"));
  const std::string list = read_file(options_.output / kDuplicatesList);
  EXPECT_THAT(list, HasSubstr("file\tbyte\tlike_file\tlike_byte\tsimilarity\n1\t"));
  EXPECT_EQ(std::ranges::count(list, '\n'), 21);
  // The documents that stay are those of a build of them alone.
  const auto shards = content(options_.output);
  options_.assembly.deduplicate = Deduplicate::kNone;
  input_.clear();
  for (std::uint64_t i = 0; i < 40; ++i) add(text_of(i, i == 3 ? 3000 : 5));
  build();
  EXPECT_EQ(shards.at("train-00000.shard"), content(options_.output).at("train-00000.shard"));
  EXPECT_EQ(shards.at("held-out-00000.shard"), content(options_.output).at("held-out-00000.shard"));
  EXPECT_FALSE(fs::exists(options_.output / kDuplicatesList));
}

TEST_F(DeduplicateTest, NearDuplicatesAreFoundAndOthersAreNot) {
  for (std::uint64_t i = 0; i < 100; ++i) {
    add(text_of(i));
    add(text_of(i) + "One more line 5 6 7.\n");                // nearly the same
    add(text_of(i, 12) + text_of(1000 + i, 18));               // two fifths are
    if (i % 10 == 0) add(text_of(i));                          // the same
    if (i % 10 == 1) add("And 5 before.\n" + text_of(i, 29));  // nearly the same
  }
  options_.assembly.deduplicate = Deduplicate::kNear;
  const Manifest manifest = build();
  EXPECT_EQ(statistic_of(manifest, statistic::kExactDuplicates), 10u);
  EXPECT_EQ(statistic_of(manifest, statistic::kNearDuplicates), 110u);
  EXPECT_EQ(num_documents(manifest), 200u);
  EXPECT_EQ(manifest.duplicates.size(), kMaxDuplicatesInManifest);
  for (const DuplicateRecord& each : manifest.duplicates) {
    EXPECT_GE(each.similarity, 0.8);
    EXPECT_LT(each.like_byte, each.byte);
  }
  options_.assembly.deduplicate = Deduplicate::kExact;
  EXPECT_EQ(num_documents(build()), 310u);
}

TEST_F(DeduplicateTest, OriginalsAreInTheCorpus) {
  constexpr std::uint64_t kChains = 60;
  for (std::uint64_t i = 0; i < kChains; ++i) {
    Random random(i, 4);
    std::vector<std::string> words(145);
    for (std::string& word : words) word = std::to_string(1000 + random.below(50'000)) + ' ';
    // Each is like the one before by about 0.82, like the one before that by 0.67.
    for (std::size_t begin = 0; begin <= 40; begin += 10) {
      std::string text;
      for (std::size_t j = begin; j < begin + 105; ++j) text += words[j];
      add(text + "\n");
    }
  }
  options_.assembly.deduplicate = Deduplicate::kNear;
  const Manifest manifest = build();
  std::set<std::uint64_t> left_out;
  std::set<std::uint64_t> originals;
  std::istringstream list(read_file(options_.output / kDuplicatesList));
  std::string line;
  std::getline(list, line);
  std::uint64_t file = 0;
  std::uint64_t byte = 0;
  std::uint64_t like_file = 0;
  std::uint64_t like_byte = 0;
  for (double similarity = 0; list >> file >> byte >> like_file >> like_byte >> similarity;) {
    left_out.insert(byte);
    originals.insert(like_byte);
  }
  EXPECT_GT(left_out.size(), kChains);
  EXPECT_LE(left_out.size(), 2 * kChains + 10);  // every second one, where the estimate finds all
  EXPECT_EQ(num_documents(manifest), 5 * kChains - left_out.size());
  for (const std::uint64_t original : originals) EXPECT_FALSE(left_out.contains(original)) << original;
}

TEST_F(DeduplicateTest, DuplicatesAreLeftOutOfBothSplitsAlsoBySections) {
  for (std::uint64_t i = 0; i < 30; ++i) add(text_of(i % 20, 800));
  options_.assembly.deduplicate = Deduplicate::kNear;
  options_.assembly.held_out_by = HeldOutBy::kSections;
  const Manifest manifest = build();
  EXPECT_EQ(statistic_of(manifest, statistic::kExactDuplicates), 10u);
  EXPECT_EQ(num_tokens(manifest), 20u * 800 * 11);
}

TEST_F(DeduplicateTest, DocumentsWithoutWordsAreNotAlike) {
  options_.reader.document_separator = "^";
  for (std::uint64_t i = 0; i < 5; ++i) input_ += text_of(i, 1);
  input_ += "?!\n...\n";
  options_.assembly.deduplicate = Deduplicate::kNear;
  const Manifest manifest = build();
  EXPECT_EQ(statistic_of(manifest, statistic::kNearDuplicates), 0u);
  EXPECT_EQ(statistic_of(manifest, statistic::kEmptyDocuments), 2u);
}

TEST_F(DeduplicateTest, RepeatedLinesAreDropped) {
  const std::string licence = "This is 5 and 6.\n";
  for (std::uint64_t i = 0; i < 20; ++i)
    add((i < 11 ? licence : "") + (i < 10 ? "But 8 stays.\n" : "") + text_of(i, 4) +
        (i < 12 ? "End 9 9.\n" + licence : ""));
  options_.assembly.max_documents_of_line = 10;
  const Manifest manifest = build();
  EXPECT_EQ(manifest.settings.at("drop_repeated_lines"), "10");
  EXPECT_EQ(statistic_of(manifest, statistic::kRepeatedLines), 3u);  // with the separator
  EXPECT_EQ(statistic_of(manifest, statistic::kDroppedLines), 12u + 12 + 11 + 20);
  EXPECT_EQ(statistic_of(manifest, statistic::kDroppedTokens), 2u * 35);
  EXPECT_EQ(num_tokens(manifest), 20u * 4 * 11 + 10);
  EXPECT_EQ(read_file(options_.output / kRepeatedLinesList), "documents\twords\n20\t\n12\t9 9\n12\t5 6\n");
  EXPECT_THAT(summary_text(manifest), HasSubstr("3 different lines dropped in 55 places, with 70 tokens"));
}

TEST_F(DeduplicateTest, LinesOfDuplicatesDoNotCount) {
  for (int i = 0; i < 5; ++i) add(text_of(1));
  add(text_of(2) + "Only 5 here.\n");
  options_.assembly.max_documents_of_line = 1;
  options_.assembly.deduplicate = Deduplicate::kExact;
  const Manifest manifest = build();
  EXPECT_EQ(statistic_of(manifest, statistic::kRepeatedLines), 1u);  // the separator
  EXPECT_EQ(statistic_of(manifest, statistic::kDroppedTokens), 0u);
  EXPECT_EQ(num_documents(manifest), 2u);
}

TEST_F(DeduplicateTest, UnknownWordsOfWhatIsLeftOutDoNotCount) {
  for (std::uint64_t i = 0; i < 10; ++i) add("Known 5 999999.\nAgain " + std::to_string(10 + i) + " 6 888888.\n");
  add("Known 5 999999.\nAgain 10 6 888888.\n");
  options_.assembly.max_documents_of_line = 3;
  options_.assembly.deduplicate = Deduplicate::kExact;
  const Manifest manifest = build();
  EXPECT_EQ(statistic_of(manifest, statistic::kUnknownTokens), 10u);
  EXPECT_EQ(num_tokens(manifest), 30u);
}

TEST_F(DeduplicateTest, ACorpusWithListsIsReplacedByACorpus) {
  for (std::uint64_t i = 0; i < 30; ++i) add(text_of(i % 20));
  options_.assembly.deduplicate = Deduplicate::kExact;
  options_.assembly.max_documents_of_line = 5;
  build();
  EXPECT_NO_THROW(build());
}

}  // namespace
}  // namespace albert::corpus
