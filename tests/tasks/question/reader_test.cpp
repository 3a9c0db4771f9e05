#include "tasks/question/reader.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert::tasks {
namespace {

class QuestionReader : public ::testing::Test {
 protected:
  std::size_t num_read(const std::string& name, std::string_view content) const {
    testing::write_file(folder_ / name, content);
    return read_questions(folder_ / name).questions.size();
  }

  testing::TemporaryFolder folder_;
};

constexpr std::string_view kLines =
    "{\"question\": \"Who?\", \"context\": \"The cat sat.\"}\n{\"question\": \"Why?\", \"context\": \"So.\"}\n";
constexpr std::string_view kSquad =
    R"({"data": [{"paragraphs": [{"context": "The cat sat.", "qas": [{"id": "q", "question": "Who?"}]}]}]})";

TEST_F(QuestionReader, TellsLinesFromSquadByTheNameOrTheContent) {
  EXPECT_EQ(num_read("dev.jsonl", kLines), 2U);
  EXPECT_EQ(num_read("dev.json", kLines), 2U);
  EXPECT_EQ(num_read("dev.json", kLines.substr(0, kLines.find('\n'))), 1U);
  EXPECT_EQ(num_read("dev.json", kSquad), 1U);
  EXPECT_EQ(num_read("dev.json", std::string(kSquad) + "\n\n"), 1U);
  EXPECT_EQ(num_read("dev.json", "{\n" + std::string(kSquad.substr(1))), 1U);
  EXPECT_THROW(read_questions(folder_ / "missing.json"), IoError);
}

TEST_F(QuestionReader, AByteOrderMarkIsNoPartOfTheText) {
  for (const std::string_view content : {kLines, kSquad}) {
    EXPECT_EQ(num_read("dev.json", "\xef\xbb\xbf" + std::string(content)), num_read("dev.json", content));
  }
  EXPECT_THROW(num_read("dev.json", "{\"data\": \"\xff\"}"), DataError);
}

}  // namespace
}  // namespace albert::tasks
