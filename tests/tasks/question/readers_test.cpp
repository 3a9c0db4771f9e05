#include "tasks/question/readers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert::tasks {
namespace {

using ::testing::HasSubstr;
using testing::refusal;

QuestionFile read_lines(std::string_view lines) {
  return parse_questions(lines, "dev.jsonl");
}

TEST(QuestionLines, ReadsEverySpellingOfAnswers) {
  const QuestionFile read = read_lines(
      R"({"id": "a", "question": "Who?", "context": "The cat sat.", "answers": [{"text": "cat", "answer_start": 4}]})"
      "\n\n"
      R"({"question": "Who?", "context": "Dogs bark.", "answers": {"text": ["Dogs", "bark"], "answer_start": [0, 5]}})"
      "\r\n"
      R"({"question": "What?", "context": "The cat sat.", "answers": ["sat"]})"
      "\n"
      R"({"question": "Why?", "context": "The cat sat.", "answers": {"text": [], "answer_start": []}})"
      "\n"
      R"({"question": "Where?", "context": "Dogs bark.", "is_impossible": true})");
  ASSERT_EQ(read.records.size(), 5U);
  EXPECT_EQ(read.records[0].answers[0].begin, 4U);
  EXPECT_EQ(read.records[1].id, "3") << "the number of the line";
  EXPECT_EQ(*read.records[1].context, "Dogs bark.");
  EXPECT_EQ(read.records[1].answers[1].begin, 5U);
  EXPECT_EQ(*read.records[2].context, "The cat sat.");
  EXPECT_EQ(read.records[2].context, read.records[0].context) << "shared";
  EXPECT_EQ(read.records[4].context, read.records[1].context);
  EXPECT_EQ(read.records[2].answers[0].begin, 8U) << "the first occurrence";
  EXPECT_TRUE(read.records[3].is_labelled && read.records[3].answers.empty());
  EXPECT_TRUE(read.records[4].is_labelled && read.records[4].answers.empty());
  const std::string none = R"({"question": "Where?", "context": "Dogs bark.", "answers": null})";
  EXPECT_FALSE(read_lines(none).records[0].is_labelled);
}

TEST(QuestionLines, SaysWhatIsWrongAndWhere) {
  const auto message_of = [](std::string_view lines) { return refusal<DataError>([&] { read_lines(lines); }); };
  const std::string good = R"({"question": "Who?", "context": "The cat sat."})"
                           "\n";
  EXPECT_THAT(message_of(good + "{\"question\": }"), HasSubstr("dev.jsonl:2: not valid JSON"));
  EXPECT_THAT(message_of(good + "[]"), HasSubstr("dev.jsonl:2: expected a JSON object on each line, found an array"));
  EXPECT_THAT(message_of(R"({"question": "Who?"})"), HasSubstr("dev.jsonl: expected a member 'context', found none"));
  EXPECT_THAT(message_of(R"({"question": "Who?", "context": "The cat sat.", "answers": ["dog"]})"),
              HasSubstr("expected \"dog\""));
  EXPECT_THAT(message_of(R"({"question": "?", "context": "x", "answers": {"text": ["x"], "answer_start": []}})"),
              HasSubstr("expected as many starts as texts, found 0 and 1"));
  EXPECT_THAT(message_of(R"({"id": 1, "question": "?", "context": "x"})"
                         "\n"
                         R"({"id": 1, "question": "?", "context": "x"})"),
              HasSubstr(":2: the id 1 occurs twice"));
}

TEST(QuestionLines, RecordsOfAStreamNeedNoAnswers) {
  const Place place{.file = "standard input", .line = 3, .id = {}};
  const Question question = parse_question_line(R"({"id": 12, "question": "Who?", "context": "The cat."})", place);
  EXPECT_EQ(question.id, "12");
  EXPECT_EQ(*question.context, "The cat.");
  EXPECT_FALSE(question.is_labelled);
  EXPECT_THROW(parse_question_line(R"({"question": "Who?", "context": ""})", place), DataError);
}

class QuestionReaders : public ::testing::Test {
 protected:
  std::size_t num_read(const std::string& name, std::string_view content) const {
    testing::write_file(folder_ / name, content);
    return read_questions(folder_ / name).records.size();
  }

  testing::TemporaryFolder folder_;
};

constexpr std::string_view kLines =
    "{\"question\": \"Who?\", \"context\": \"The cat sat.\"}\n{\"question\": \"Why?\", \"context\": \"So.\"}\n";
constexpr std::string_view kSquad =
    R"({"data": [{"paragraphs": [{"context": "The cat sat.", "qas": [{"id": "q", "question": "Who?"}]}]}]})";

TEST_F(QuestionReaders, TellsLinesFromSquadByTheNameOrTheContent) {
  EXPECT_EQ(num_read("dev.jsonl", kLines), 2U);
  EXPECT_EQ(num_read("dev.json", kLines), 2U);
  EXPECT_EQ(num_read("dev.json", kLines.substr(0, kLines.find('\n'))), 1U);
  EXPECT_EQ(num_read("dev.json", kSquad), 1U);
  EXPECT_EQ(num_read("dev.json", std::string(kSquad) + "\n\n"), 1U);
  EXPECT_EQ(num_read("dev.json", "{\n" + std::string(kSquad.substr(1))), 1U);
  EXPECT_THROW(read_questions(folder_ / "missing.json"), IoError);
}

TEST_F(QuestionReaders, AByteOrderMarkIsNoPartOfTheText) {
  for (const std::string_view content : {kLines, kSquad}) {
    EXPECT_EQ(num_read("dev.json", "\xef\xbb\xbf" + std::string(content)), num_read("dev.json", content));
  }
  EXPECT_THROW(num_read("dev.json", "{\"data\": \"\xff\"}"), DataError);
}

}  // namespace
}  // namespace albert::tasks
