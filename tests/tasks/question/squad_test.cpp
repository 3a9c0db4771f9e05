#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/refusal.h"
#include "tasks/question/readers.h"

namespace albert::tasks {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::refusal;

/// A file of one article with one paragraph.
std::string with_paragraph(const std::string& context, const std::string& questions) {
  return R"({"data": [{"paragraphs": [{"context": ")" + context + R"(", "qas": [)" + questions + "]}]}]}";
}

class Squad : public ::testing::Test {
 protected:
  static QuestionFile read(std::string_view json, MisplacedAnswers misplaced = MisplacedAnswers::kRefuse) {
    return parse_questions(json, "dev.json", misplaced);
  }
  static QuestionFile read_paragraph(const std::string& context, const std::string& questions,
                                     MisplacedAnswers misplaced = MisplacedAnswers::kRefuse) {
    return read(with_paragraph(context, questions), misplaced);
  }

  static std::string message_of(std::string_view json) {
    return refusal<DataError>([&] { read(json); });
  }
  static std::string message_of(const std::string& context, const std::string& questions) {
    return message_of(with_paragraph(context, questions));
  }
};

TEST_F(Squad, ReadsQuestionsOfSeveralParagraphs) {
  const QuestionFile read = Squad::read(R"({"version": "1.1", "data": [
    {"title": "A", "paragraphs": [
      {"context": "The cat sat.", "qas": [
        {"id": "a", "question": "Who sat?", "answers": [{"text": "The cat", "answer_start": 0},
                                                        {"text": "cat", "answer_start": 4}]},
        {"id": "b", "question": "What did it do?", "answers": [{"text": "sat", "answer_start": 8}]}]},
      {"context": "Unused.", "qas": []}]},
    {"paragraphs": [{"context": "Dogs bark.", "qas": [
      {"id": 7, "question": "Who barks?", "answers": []}]}]}]})");
  ASSERT_EQ(read.records.size(), 3U);
  EXPECT_EQ(read.records[0].text, "Who sat?");
  ASSERT_EQ(read.records[0].answers.size(), 2U);
  EXPECT_EQ(read.records[0].answers[1].text, "cat");
  EXPECT_EQ(read.records[0].answers[1].begin, 4U);
  EXPECT_EQ(*read.records[0].context, "The cat sat.");
  EXPECT_EQ(read.records[1].context, read.records[0].context) << "shared";
  EXPECT_EQ(*read.records[2].context, "Dogs bark.");
  EXPECT_EQ(read.records[2].id, "7");
  EXPECT_TRUE(read.records[1].is_labelled);
  EXPECT_EQ(read.misplaced.total, 0);
}

TEST_F(Squad, AnswersAreThereForAllQuestionsOrForNone) {
  const std::string without = R"({"id": "a", "question": "?"})";
  EXPECT_FALSE(read_paragraph("Some text.", without).records[0].is_labelled);
  EXPECT_THAT(message_of("Some text.", without + R"(, {"id": "b", "question": "?", "answers": []})"),
              AllOf(HasSubstr("question b"), HasSubstr("expected answers of all or of none")));
}

TEST_F(Squad, StartsCountCharacters) {
  // Two, three and four bytes long, and a letter with a mark of its own.
  const QuestionFile read = read_paragraph(
      "\u00e9\u4e2d\U0001f600e\u0301 x",
      R"({"id": "a", "question": "?", "answers": [{"text": "😀", "answer_start": 2}, {"text": "x", "answer_start": 6}]})");
  EXPECT_EQ(read.records[0].answers[0].begin, 5U);
  EXPECT_EQ(read.records[0].answers[1].begin, 13U);
}

TEST_F(Squad, AnEmptyListMeansNoAnswer) {
  const QuestionFile read = read_paragraph("Some text.", R"(
    {"id": "a", "question": "?", "answers": [], "is_impossible": true,
     "plausible_answers": [{"text": "Some", "answer_start": 0}]},
    {"id": "b", "question": "?", "answers": []},
    {"id": "d", "question": "?", "answers": [{"text": "", "answer_start": -1}], "is_impossible": true},
    {"id": "e", "question": "?", "is_impossible": true, "plausible_answers": [{"text": "Some", "answer_start": 0}]},
    {"id": "f", "question": "?", "answers": null, "is_impossible": true},
    {"id": "c", "question": "?", "answers": [{"text": "text", "answer_start": 5}], "is_impossible": false})");
  ASSERT_EQ(read.records.size(), 6U);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_TRUE(read.records[i].is_labelled && read.records[i].answers.empty()) << read.records[i].id;
  }
  EXPECT_EQ(read.records[5].answers.size(), 1U);
}

TEST_F(Squad, EmptyTextsAreNoAnswersBesideOthers) {
  const QuestionFile read = read_paragraph("Some text.", R"({"id": "a", "question": "?", "answers": [
    {"text": "", "answer_start": 0}, {"text": "text", "answer_start": 5}]})");
  ASSERT_EQ(read.records[0].answers.size(), 1U);
  EXPECT_EQ(read.records[0].answers[0].text, "text");
}

TEST_F(Squad, SaysHowMisplacedStartsWereCounted) {
  const auto message = [](const std::string& context, const std::string& answer, int start) {
    return message_of(context, fmt::format(R"({{"id": "q", "question": "?", "answers": [
      {{"text": "{}", "answer_start": {}}}]}})",
                                           answer, start));
  };
  EXPECT_THAT(message("💩This is an annotation.", "annotation", 13),
              AllOf(HasSubstr("question q"), HasSubstr("expected \"annotation\" at character 13, found \"nnotation.\""),
                    HasSubstr("1 of 1 answer is misplaced, 1 of them with a start counted in UTF-16 units")));
  EXPECT_THAT(message("Für das Jahr.", "Jahr", 9), HasSubstr("counted in bytes"));
  EXPECT_THAT(message("One.\\r\\nTwo.\\r\\nThree.", "Three", 10), HasSubstr("counted without carriage returns"));
  EXPECT_THAT(message("One.\\nTwo.\\nThree.", "Three", 12), HasSubstr("counted with a carriage return before each"));
  EXPECT_THAT(message("One two.", "two", 5), HasSubstr("counted from 1"));
  EXPECT_THAT(message("One two.", "two", 2), ::testing::Not(HasSubstr("counted ")));
}

TEST_F(Squad, CountsMisplacedAnswersByTheirReasons) {
  const std::string questions = R"(
    {"id": "a", "question": "?", "answers": [{"text": "two", "answer_start": 5}, {"text": "é", "answer_start": 0}]},
    {"id": "b", "question": "?", "answers": [{"text": "three", "answer_start": 9}]},
    {"id": "c", "question": "?", "answers": [{"text": "three", "answer_start": -1}]})";
  const std::string of_four = "3 of 4 answers are misplaced, 2 of them with starts counted in bytes;";
  EXPECT_THAT(message_of("éé two three.", questions), AllOf(HasSubstr("question a"), HasSubstr(of_four)));
  const QuestionFile read = read_paragraph("éé two three.", questions, MisplacedAnswers::kSkip);
  EXPECT_EQ(read.misplaced.total, 3);
  EXPECT_EQ(read.misplaced.reasons(), ", 2 of them with starts counted in bytes");
}

constexpr const char* kRows = R"([
  {"id": "q1", "title": "Normans", "context": "In France.", "question": "Where?",
   "answers": {"text": ["France"], "answer_start": [3]}},
  {"context": "In France.", "question": "Who?", "answers": {"text": [], "answer_start": []}}])";

TEST_F(Squad, ReadsRowsWithTheirContexts) {
  for (const std::string& json : {std::string(kRows), R"({"version": "v2.0", "data": )" + std::string(kRows) + "}"}) {
    const QuestionFile read = Squad::read(json);
    ASSERT_EQ(read.records.size(), 2U);
    EXPECT_EQ(read.records[0].id, "q1");
    EXPECT_EQ(read.records[0].answers[0].begin, 3U);
    EXPECT_EQ(read.records[1].id, "2") << "its number";
    EXPECT_TRUE(read.records[1].is_labelled && read.records[1].answers.empty());
    EXPECT_EQ(read.records[1].context, read.records[0].context) << "shared";
  }
}

TEST_F(Squad, NamesTheMembersOfWhatIsNoQuestion) {
  EXPECT_THAT(
      message_of(R"({"data": [{"title": "x", "text": "y"}]})"),
      AllOf(HasSubstr("dev.json: data[0]: expected questions in SQuAD's layout"), HasSubstr("found 'text', 'title'")));
}

TEST_F(Squad, MisplacedAnswersAreRefused) {
  EXPECT_THAT(message_of("One two three.",
                         R"({"id": "q-17", "question": "?", "answers": [{"text": "two", "answer_start": 3}]})"),
              AllOf(HasSubstr("dev.json: question q-17"), HasSubstr("expected \"two\" at character 3"),
                    HasSubstr("found \" tw\""), HasSubstr("misplaced_answers: skip")));
  EXPECT_THAT(message_of("One.", R"({"id": "q", "question": "?", "answers": [{"text": "two", "answer_start": -1}]})"),
              HasSubstr("found a number below 0, where no character is"));
  EXPECT_THAT(message_of("One.", R"({"id": "q", "question": "?", "answers": [{"text": "One", "answer_start": 999}]})"),
              HasSubstr("at character 999, found \"\""));
}

TEST_F(Squad, MisplacedAnswersKeepTheirTextOnRequest) {
  const QuestionFile read = read_paragraph(
      "One two three.",
      R"({"id": "a", "question": "?", "answers": [{"text": "two", "answer_start": 3}, {"text": "one", "answer_start": -1},
                                                  {"text": "three", "answer_start": 8}]})",
      MisplacedAnswers::kSkip);
  const std::vector<GoldAnswer>& answers = read.records[0].answers;
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers[0].text, "two");
  EXPECT_FALSE(answers[0].begin);
  EXPECT_FALSE(answers[1].begin);
  EXPECT_EQ(answers[2].begin, 8U);
  EXPECT_EQ(read.misplaced.total, 2);
}

TEST_F(Squad, SaysWhatIsWrongAndWhere) {
  const auto one = [](const std::string& members) { return R"({"id": "q", "question": "?", )" + members + "}"; };
  EXPECT_THAT(message_of("x", R"({"question": "?"})"),
              HasSubstr("data[0].paragraphs[0].qas[0]: expected a member 'id'"));
  EXPECT_THAT(message_of("x", R"({"id": "q"})"), HasSubstr("question q: expected a member 'question', found none"));
  EXPECT_THAT(message_of("x", R"({"id": "q", "question": 5})"), HasSubstr("expected text in 'question', found 5"));
  EXPECT_THAT(message_of("x", R"({"id": "q", "question": " "})"), HasSubstr("the text in 'question' is empty"));
  EXPECT_THAT(message_of(" ", one(R"("answers": [])")), HasSubstr("the text in 'context' is empty"));
  EXPECT_THAT(message_of("x", one(R"("answers": "x")")), HasSubstr("expected a list in 'answers', found \"x\""));
  EXPECT_THAT(message_of("x", one(R"("answers": [{"text": "x", "answer_start": "0"}])")),
              HasSubstr("expected a whole number in 'answer_start', found \"0\""));
  EXPECT_THAT(message_of("x", one(R"("answers": [], "is_impossible": false)")), HasSubstr("is_impossible is false"));
  EXPECT_THAT(message_of("x", one(R"("answers": [{"text": "x", "answer_start": 0}], "is_impossible": true)")),
              HasSubstr("is_impossible is true, but there are answers"));
  EXPECT_THAT(message_of("x", R"({"id": "q", "question": "?"}, {"id": "q", "question": "!"})"),
              HasSubstr("question q: the id q occurs twice"));
}

TEST_F(Squad, RefusesOtherFiles) {
  for (const char* other : {"question\tcontext\n", ""}) {
    EXPECT_THAT(message_of(other), HasSubstr("SQuAD's layout"));
  }
  EXPECT_THROW(read(R"({"data": [{"paragraphs": [{"context": "x"}]}]})"), DataError);
  EXPECT_THROW(read("{\"data\": [{\"paragraphs\": [{\"context\": \"\xff\", \"qas\": []}]}]}"), DataError);
}

}  // namespace
}  // namespace albert::tasks
