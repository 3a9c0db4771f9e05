#include "tasks/question/lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace albert::tasks {
namespace {

using ::testing::HasSubstr;

class QuestionLines : public ::testing::Test {
 protected:
  Questions read(std::string_view lines, MisplacedAnswers misplaced = MisplacedAnswers::kRefuse) const {
    return parse_question_lines(lines, "dev.jsonl", misplaced);
  }

  std::string message_of(std::string_view lines) const {
    try {
      read(lines);
    } catch (const DataError& error) {
      return error.what();
    }
    return "no error";
  }
};

TEST_F(QuestionLines, ReadsEverySpellingOfAnswers) {
  const Questions read = this->read(
      R"({"id": "a", "question": "Who?", "context": "The cat sat.", "answers": [{"text": "cat", "answer_start": 4}]})"
      "\n\n"
      R"({"question": "Who?", "context": "Dogs bark.", "answers": {"text": ["Dogs", "bark"], "answer_start": [0, 5]}})"
      "\r\n"
      R"({"question": "What?", "context": "The cat sat.", "answers": ["sat"]})"
      "\n"
      R"({"question": "Why?", "context": "The cat sat.", "answers": {"text": [], "answer_start": []}})"
      "\n"
      R"({"question": "Where?", "context": "Dogs bark.", "answers": null})");
  EXPECT_THAT(read.contexts, ::testing::ElementsAre("The cat sat.", "Dogs bark."));
  ASSERT_EQ(read.questions.size(), 5U);
  EXPECT_EQ(read.questions[0].answers[0].begin, 4U);
  EXPECT_EQ(read.questions[1].id, "3") << "the number of the line";
  EXPECT_EQ(read.questions[1].context, 1U);
  EXPECT_EQ(read.questions[1].answers[1].begin, 5U);
  EXPECT_EQ(read.questions[2].context, 0U);
  EXPECT_EQ(read.questions[2].answers[0].begin, 8U) << "the first occurrence";
  EXPECT_TRUE(read.questions[3].is_labelled && read.questions[3].answers.empty());
  EXPECT_FALSE(read.questions[4].is_labelled);
}

TEST_F(QuestionLines, SaysWhatIsWrongAndWhere) {
  const std::string good = R"({"question": "Who?", "context": "The cat sat."})"
                           "\n";
  EXPECT_THAT(message_of(good + "{\"question\": }"), HasSubstr("dev.jsonl:2: not valid JSON"));
  EXPECT_THAT(message_of(good + "[]"), HasSubstr("dev.jsonl:2: expected a JSON object on each line, found an array"));
  EXPECT_THAT(message_of(R"({"question": "Who?"})"), HasSubstr(":1: expected a member 'context', found none"));
  EXPECT_THAT(message_of(R"({"question": "Who?", "context": "The cat sat.", "answers": ["dog"]})"),
              HasSubstr("expected \"dog\""));
  EXPECT_THAT(message_of(R"({"question": "?", "context": "x", "answers": {"text": ["x"], "answer_start": []}})"),
              HasSubstr("expected as many starts as texts, found 0 and 1"));
  EXPECT_THAT(message_of(R"({"id": 1, "question": "?", "context": "x"})"
                         "\n"
                         R"({"id": 1, "question": "?", "context": "x"})"),
              HasSubstr(":2: the id 1 occurs twice"));
}

TEST_F(QuestionLines, RecordsOfAStreamNeedNoAnswers) {
  const Place place{.file = "standard input", .line = 3, .id = {}};
  const QuestionRecord record =
      parse_question_record(R"({"id": 12, "question": "Who?", "context": "The cat."})", place);
  EXPECT_EQ(record.id, "12");
  EXPECT_EQ(record.context, "The cat.");
  EXPECT_THROW(parse_question_record(R"({"question": "Who?", "context": ""})", place), DataError);
}

}  // namespace
}  // namespace albert::tasks
