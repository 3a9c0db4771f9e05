#include "corpus/reading/input_check.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "support/log_capture.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert::corpus {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kJsonLines = "{\"text\": \"One.\"}\n";

class InputCheckTest : public ::testing::Test {
 protected:
  InputCheckTest() {
    for (const auto& [name, bytes] : {std::pair<std::string, std::string>{"1.txt", "Good text."},
                                      {"2.json.gz", "\x1f\x8b\x08"},
                                      {"3.png", "\x89PNG\r\n"},
                                      {"4.txt", kJsonLines},
                                      {"5.txt", "More good text."}}) {
      testing::write_file(folder_ / name, bytes);
    }
    fs::create_symlink("nowhere", folder_ / "6.txt");
  }

  std::vector<std::string> select(const InputOptions& inputs, const ReaderOptions& options) {
    std::vector<std::string> names;
    for (const InputFile& file : select_readable(discover_inputs(inputs).files, options))
      names.push_back(file.path.filename());
    return names;
  }

  testing::TemporaryFolder folder_;
  testing::LogCapture log_;
};

TEST_F(InputCheckTest, EveryUnreadableFileIsNamedBeforeAnyIsRead) {
  EXPECT_THAT(testing::refusal<DataError>([&] { select({.paths = {folder_.path()}}, {}); }),
              AllOf(HasSubstr("4 of 6 input files cannot be read"), HasSubstr("--skip-unreadable")));
  EXPECT_THAT(log_.text(), AllOf(HasSubstr("2.json.gz: truncated"), HasSubstr("3.png: expected text, found an image"),
                                 HasSubstr("4.txt: expected running text, found JSON lines"),
                                 HasSubstr("cannot open " + (folder_ / "6.txt").string())));
}

TEST_F(InputCheckTest, UnreadableFilesAreLeftOutIfAsked) {
  EXPECT_THAT(select({.paths = {folder_.path()}}, {.skip_unreadable = true}), ElementsAre("1.txt", "5.txt"));
  EXPECT_THAT(log_.text(), AllOf(HasSubstr("3.png: expected text"), HasSubstr("4 of 6 input files skipped")));
}

TEST_F(InputCheckTest, OneUnreadableFileIsTheError) {
  EXPECT_THAT(testing::refusal<DataError>([&] { select({.paths = {folder_ / "4.txt"}}, {}); }),
              AllOf(HasSubstr("read it with --format jsonl"), HasSubstr("--format text")));
  EXPECT_THAT(testing::refusal<DataError>([&] { select({.paths = {folder_ / "3.png"}}, {}); }), HasSubstr("an image"));
  EXPECT_THAT(log_.text(), IsEmpty());
}

TEST_F(InputCheckTest, TheFormatThatIsAskedForDecides) {
  const InputOptions json_lines{.paths = {folder_ / "4.txt"}};
  EXPECT_THAT(select(json_lines, {.format = InputFormat::kJsonl}), ElementsAre("4.txt"));
  EXPECT_THAT(log_.text(), IsEmpty());
  EXPECT_THAT(select(json_lines, {.format = InputFormat::kText}), ElementsAre("4.txt"));
  EXPECT_THAT(log_.text(), HasSubstr("4.txt: read as --format says, but it looks like something else: JSON lines"));
  EXPECT_THAT(testing::refusal<DataError>([&] { select(json_lines, {.format = InputFormat::kLines}); }),
              HasSubstr("expected a sentence a line, found JSON lines; read it with --format jsonl"));
  testing::write_file(folder_ / "array.json", R"([{"text": "One."}])");
  EXPECT_THAT(testing::refusal<DataError>(
                  [&] { select({.paths = {folder_ / "array.json"}}, {.format = InputFormat::kJsonl}); }),
              AllOf(HasSubstr("expected JSON lines, found a JSON array"), HasSubstr("jq")));
  // Binary data is no text, whatever is asked for.
  EXPECT_THROW(select({.paths = {folder_ / "3.png"}}, {.format = InputFormat::kText}), DataError);
}

}  // namespace
}  // namespace albert::corpus
