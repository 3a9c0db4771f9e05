#include "corpus/parts/sample_part.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/file.h"
#include "corpus/reading/document_lines.h"
#include "support/log_capture.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "text/line_sample.h"

namespace albert::corpus {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class SamplePartTest : public ::testing::Test {
 protected:
  SamplePartTest() {
    std::string text;
    for (int i = 0; i < 3000; ++i)
      text += (i % 10 == 0 ? "DOCUMENT\n" : "") + std::string("line ") + std::to_string(i % 2000) + "\n\n";
    testing::write_file(folder_ / "a.txt", text);
    testing::write_file(folder_ / "b.txt", "DOCUMENT\n\nThe last line.\n");
    options_.inputs.paths = {(folder_ / "a.txt").string(), (folder_ / "b.txt").string()};
    options_.output = folder_ / "samples";
    options_.reader.document_separator = "^DOCUMENT$";
  }

  std::vector<std::string> in_one() const {
    text::LineSample sample(options_.seed, options_.max_lines, options_.max_bytes);
    DocumentLines lines(discover_inputs(options_.inputs).files, options_.reader);
    for (std::string line; lines.next(line);) sample.add(line, lines.key());
    return sample.take();
  }

  std::vector<std::string> in_parts(std::uint64_t count) const {
    fs::remove_all(options_.output);
    for (std::uint64_t i = 1; i <= count; ++i) sample_part(options_, {.number = i, .count = count}, "1");
    return merge_samples(find_parts({options_.output}, PartKind::kSample, "1"));
  }

  testing::TemporaryFolder folder_;
  testing::LogCapture log_;
  SampleOptions options_;
};

TEST_F(SamplePartTest, TheSampleOfPartsIsThatOfTheWhole) {
  EXPECT_EQ(in_one().size(), 3002u);
  for (const std::uint64_t max_lines : {10'000, 500, 3}) {
    options_.max_lines = max_lines;
    const std::vector<std::string> expected = in_one();
    EXPECT_EQ(expected.size(), std::min<std::uint64_t>(max_lines, 3002));
    for (const std::uint64_t count : {1, 2, 7}) EXPECT_EQ(in_parts(count), expected) << max_lines << ' ' << count;
  }
  options_.max_lines = 10'000;
  options_.max_bytes = 5000;
  const std::vector<std::string> expected = in_one();
  EXPECT_LT(expected.size(), 100u);
  for (const std::uint64_t count : {1, 2, 7}) EXPECT_EQ(in_parts(count), expected);
  EXPECT_THAT(log_.text(), HasSubstr("of 3002 lines"));
}

TEST_F(SamplePartTest, APartThatIsThereAndWholeIsLeft) {
  EXPECT_FALSE(sample_part(options_, {.number = 2, .count = 3}, "1").was_there);
  EXPECT_TRUE(sample_part(options_, {.number = 2, .count = 3}, "1").was_there);
  options_.seed = 2;
  EXPECT_THROW(sample_part(options_, {.number = 2, .count = 3}, "1"), UsageError);
  options_.overwrite = true;
  EXPECT_FALSE(sample_part(options_, {.number = 2, .count = 3}, "1").was_there);
}

TEST_F(SamplePartTest, PartsOfAnotherKindOrSampleAreNamed) {
  in_parts(2);
  try {
    find_parts({options_.output}, PartKind::kCorpus, "1");
    FAIL() << "no error";
  } catch (const DataError& error) {
    EXPECT_THAT(error.what(), HasSubstr("expected a part of a corpus, found one of a sample"));
  }
  options_.seed = 2;
  options_.overwrite = true;
  sample_part(options_, {.number = 2, .count = 2}, "1");
  EXPECT_THROW(find_parts({options_.output}, PartKind::kSample, "1"), DataError);
}

TEST_F(SamplePartTest, APartWithoutItsNumbersIsDamaged) {
  in_parts(1);
  const fs::path part = options_.output / "part-00001-of-00001";
  const PartManifest whole = read_part_manifest(part, PartKind::kSample);
  for (const auto& [name, count] : whole.statistics) {
    PartManifest less = whole;
    less.statistics.erase(name);
    write_part_manifest(part, less);
    EXPECT_THROW(merge_samples(find_parts({options_.output}, PartKind::kSample, "1")), DataError) << name;
  }
  PartManifest other = whole;
  other.settings.at("seed") = "x";
  write_part_manifest(part, other);
  EXPECT_THROW(merge_samples(find_parts({options_.output}, PartKind::kSample, "1")), DataError);
}

TEST_F(SamplePartTest, OfPipesIsThatOfFilesAndReadToTheEnd) {
  options_.max_lines = 100;
  const std::string text = read_file(folder_ / "a.txt");
  const fs::path pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  options_.inputs.paths = {(folder_ / "a.txt").string()};
  const std::vector<std::string> expected = in_one();
  options_.inputs.paths = {pipe.string()};
  for (const bool was_there : {false, true}) {
    bool is_written = false;
    std::jthread writer([&] { is_written = static_cast<bool>(std::ofstream(pipe) << text << std::flush); });
    EXPECT_EQ(sample_part(options_, {.number = 1, .count = 1}, "1").was_there, was_there);
    writer.join();
    EXPECT_TRUE(is_written);
  }
  EXPECT_EQ(merge_samples(find_parts({options_.output}, PartKind::kSample, "1")), expected);
}

TEST_F(SamplePartTest, OfDocumentsOfSeveralBlocksIsThatOfTheWhole) {
  std::string text;
  for (int i = 0; i < 5; ++i) {
    text += "DOCUMENT\n\n";
    for (int j = 0; j < 5000; ++j) text += fmt::format("line {} of document {}\n\n", j, i);  // 150 KB
  }
  testing::write_file(folder_ / "a.txt", text);
  options_.max_lines = 500;
  const std::vector<std::string> expected = in_one();
  for (const std::uint64_t count : {1, 3}) EXPECT_EQ(in_parts(count), expected) << count;
}

}  // namespace
}  // namespace albert::corpus
