#include "tasks/choice/readers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert::tasks {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class Choices : public ::testing::Test {
 protected:
  fs::path write(const std::string& name, std::string_view content) const {
    fs::create_directories((folder_ / name).parent_path());
    testing::write_file(folder_ / name, content);
    return folder_ / name;
  }
  ChoiceFile read(const std::string& name, std::string_view content) const {
    return read_choices(write(name, content));
  }
  std::string refusal(const std::string& name, std::string_view content) const {
    return testing::refusal<DataError>([&] { read(name, content); });
  }

  testing::TemporaryFolder folder_;
};

TEST_F(Choices, OfArcInCsv) {
  const ChoiceFile file =
      read("arc.csv", "\"What is hot, then?\",ice,fire,snow,rain,B\r\nWhat is cold?,ice,fire,sun,,1\n");
  ASSERT_THAT(file.records, SizeIs(2));
  EXPECT_TRUE(file.is_labelled());
  EXPECT_EQ(file.records[0].question, "What is hot, then?");
  EXPECT_EQ(file.records[0].context, "");
  EXPECT_THAT(file.records[0].choices, ElementsAre("ice", "fire", "snow", "rain"));
  EXPECT_EQ(file.records[0].label, 1);
  EXPECT_THAT(file.records[1].choices, ElementsAre("ice", "fire", "sun"));
  EXPECT_EQ(file.records[1].label, 0);
  EXPECT_EQ(file.records[1].id, "2");
  EXPECT_EQ(file.records[1].place.line, 2);
}

TEST_F(Choices, OfArcWithoutAnswers) {
  const ChoiceFile file = read("arc.csv", "q?,a,b,c,d\n");
  EXPECT_FALSE(file.is_labelled());
  EXPECT_EQ(file.records[0].label, std::nullopt);
  EXPECT_THAT(refusal("half.csv", "q?,a,b,c,d,A\nq?,a,b,c,d\n"), HasSubstr("half.csv:2: it has no answer"));
}

TEST_F(Choices, OfArcThatTheFileHasLostAreLeftOut) {
  const ChoiceFile file = read("arc.csv", "a?,,,,,2\nb?,a,b,c,d,E\nc?,a,b,c,d,D\n");
  ASSERT_THAT(file.records, SizeIs(1));
  EXPECT_EQ(file.records[0].id, "3");
  EXPECT_THAT(file.left_out, ElementsAre("1", "2"));
}

TEST_F(Choices, OfArcThatAreWrongAreNamed) {
  EXPECT_THAT(refusal("x.csv", "q?,a,b,c,d,A\nq?,a,b,c,d,x\n"),
              AllOf(HasSubstr("x.csv:2: expected the letter of a choice from A to D"), HasSubstr("found 'x'")));
  EXPECT_THAT(refusal("x.csv", "q?,a,b\n"), HasSubstr("x.csv:1: expected a question, 4 choices"));
  EXPECT_THAT(refusal("x.csv", " ,a,b,c,d,A\n"), HasSubstr("x.csv:1: the question is empty"));
  EXPECT_THAT(refusal("x.csv", "q?,a,,c,d,A\n"), HasSubstr("x.csv:1: choice B is empty"));
  EXPECT_THAT(refusal("x.txt", "q"), HasSubstr("expected questions in .csv"));
}

TEST_F(Choices, OfSwag) {
  const std::string header = ",video-id,fold-ind,startphrase,sent1,sent2,gold-source,ending0,ending1,ending2,ending3";
  const ChoiceFile file =
      read("train.csv",
           header + ",label\n0,v,77,\"She sits. She\",She sits.,She,gold,sings.,flies.,is.,\"eats, well.\",3\n");
  ASSERT_THAT(file.records, SizeIs(1));
  EXPECT_EQ(file.records[0].id, "77");
  EXPECT_EQ(file.records[0].context, "She sits.");
  EXPECT_EQ(file.records[0].question, "She");
  EXPECT_THAT(file.records[0].choices, ElementsAre("sings.", "flies.", "is.", "eats, well."));
  EXPECT_EQ(file.records[0].label, 3);
  EXPECT_FALSE(read("test.csv", header + "\n0,v,77,s,She sits.,She,gold,a,b,c,d\n").is_labelled());
  EXPECT_THAT(refusal("x.csv", header + ",label\n0,v,77,s,She sits.,She,gold,a,b,c,d,4\n"),
              HasSubstr("x.csv:2: expected a label from 0 to 3, found '4'"));
  EXPECT_THAT(refusal("x.csv", header + ",label\n0,v,77\n"),
              HasSubstr("expected 12 columns as in the header, found 3"));
}

TEST_F(Choices, OfJsonLines) {
  const ChoiceFile file = read(
      "own.jsonl", R"({"context": "It rains.", "question": "What is wet?", "choices": ["sun", "road"], "label": 1})"
                   "\n\n"
                   R"({"id": 7, "question": "Q", "choices": ["a", "b", "c"], "label": "C"})"
                   "\n");
  ASSERT_THAT(file.records, SizeIs(2));
  EXPECT_EQ(file.records[0].context, "It rains.");
  EXPECT_EQ(file.records[0].id, "1");
  EXPECT_EQ(file.records[0].label, 1);
  EXPECT_EQ(file.records[1].id, "7");
  EXPECT_EQ(file.records[1].label, 2);
  EXPECT_EQ(file.records[1].place.line, 3);
}

TEST_F(Choices, OfJsonLinesAsArcAndHuggingFaceHaveThem) {
  const ChoiceFile file = read(
      "arc.jsonl",
      R"({"id":"M_1","question":{"stem":"Q","choices":[{"text":"a","label":"1"},{"text":"b","label":"2"}]},"answerKey":"2"})"
      "\n"
      R"({"id":"M_2","question":"Q","choices":{"text":["a","b"],"label":["A","B"]},"answerKey":"A"})"
      "\n");
  ASSERT_THAT(file.records, SizeIs(2));
  EXPECT_EQ(file.records[0].id, "M_1");
  EXPECT_EQ(file.records[0].question, "Q");
  EXPECT_EQ(file.records[0].label, 1);
  EXPECT_THAT(file.records[1].choices, ElementsAre("a", "b"));
  EXPECT_EQ(file.records[1].label, 0);
  const std::string numbered = R"({"question":"Q","choices":{"text":["a","b"],"label":["1","2"]},"answerKey":1})";
  EXPECT_EQ(read("x.jsonl", numbered).records[0].label, 0) << "a name, not a number from 0";
  EXPECT_FALSE(read("test.jsonl", R"({"question":"Q","choices":["a","b"],"answerKey":""})").is_labelled());
  EXPECT_FALSE(read("test.jsonl", R"({"question":"Q","choices":["a","b"],"label":-1})").is_labelled());
}

TEST_F(Choices, OfAnArrayAreKnownByTheirNumbers) {
  const ChoiceFile file = read(
      "x.json", R"([{"question":"Q","choices":["a","b"],"label":1}, {"question":"R","choices":["a","b"],"label":0}])");
  ASSERT_EQ(file.records.size(), 2U);
  EXPECT_EQ(file.records[1].id, "2");
}

TEST_F(Choices, OfJsonLinesThatAreWrongAreNamed) {
  EXPECT_THAT(refusal("x.jsonl", "\n{\"question\": \"Q\"\n"), HasSubstr("x.jsonl:2: not valid JSON"));
  EXPECT_THAT(refusal("x.jsonl", "[1]\n"), HasSubstr("x.jsonl: record 1: expected a JSON object, found 1"));
  EXPECT_THAT(refusal("x.jsonl", R"({"question":"Q","options":[]})"),
              HasSubstr("x.jsonl:1: no field 'choices' in the object, which has the fields 'options', 'question'"));
  EXPECT_THAT(refusal("x.jsonl", R"({"question":"Q","choices":["a"]})"),
              HasSubstr("expected 2 to 26 choices, found 1"));
  EXPECT_THAT(refusal("x.jsonl", R"({"question":"Q","choices":["a",2]})"), HasSubstr("expected a text in 'choices'"));
  EXPECT_THAT(refusal("x.jsonl", R"({"question":"Q","choices":{"text":["a","b"],"label":["A","A"]},"answerKey":"A"})"),
              HasSubstr("two choices are called 'A'"));
  EXPECT_THAT(refusal("x.jsonl", R"({"question":"Q","choices":["a","b"],"label":2})"),
              HasSubstr("expected the right choice as a number from 0 to 1 or as A to B, found 2"));
  EXPECT_THAT(refusal("x.jsonl", "{\"question\":\"\xff\",\"choices\":[\"a\",\"b\"]}"), HasSubstr("not valid UTF-8"));
}

TEST_F(Choices, OfJsonLinesHaveAnIdEach) {
  const std::string line = "{\"id\": \"a\", \"question\": \"Q\", \"choices\": [\"x\", \"y\"], \"label\": 0}\n";
  EXPECT_THAT(refusal("x.jsonl", line + line), HasSubstr("x.jsonl:2: the id a occurs twice"));
}

constexpr const char* kArticle =
    R"({"answers": ["B", "A"], "options": [["a", "b", "c", "d"], ["e", "f", "g", "h"]],
 "questions": ["The text is about _ .", "Why?"], "article": "Once upon\na time.", "id": "middle5.txt"})";

TEST_F(Choices, OfRace) {
  std::string high = kArticle;
  high.replace(high.find("middle5"), 7, "high21");
  write("RACE/dev/high/21.txt", high);
  write("RACE/dev/middle/10.txt", kArticle);
  write("RACE/dev/middle/5.txt", kArticle);
  write("RACE/dev/middle/notes.md", "no article");
  EXPECT_TRUE(is_race_folder(folder_ / "RACE/dev"));
  EXPECT_TRUE(is_race_folder(folder_ / "RACE/dev/middle"));
  EXPECT_TRUE(is_race_folder(folder_ / "RACE/dev/middle/"));
  EXPECT_EQ(read_choices(folder_ / "RACE/dev/middle/").records[0].group, "middle");
  EXPECT_FALSE(is_race_folder(folder_ / "RACE"));
  const ChoiceFile file = read_choices(folder_ / "RACE/dev");
  ASSERT_THAT(file.records, SizeIs(6));
  EXPECT_THAT(file.records[0].place.to_string(), AllOf(HasSubstr("5.txt"), HasSubstr("question 0")));
  EXPECT_EQ(file.records[0].id, "middle5.txt-0");
  EXPECT_EQ(file.records[0].context, "Once upon\na time.");
  EXPECT_EQ(file.records[0].question, "The text is about _ .");
  EXPECT_THAT(file.records[1].choices, ElementsAre("e", "f", "g", "h"));
  EXPECT_EQ(file.records[0].label, 1);
  EXPECT_EQ(file.records[0].group, "middle");
  EXPECT_EQ(file.records[5].group, "high");
  EXPECT_EQ(file.records[5].id, "high21.txt-1");
  EXPECT_THAT(read_choices(folder_ / "RACE/dev/high").records, SizeIs(2));
}

TEST_F(Choices, OfRaceThatAreWrongAreNamed) {
  const auto refusal_of = [&](const std::string& article) {
    write("dev/high/1.txt", article);
    return testing::refusal<DataError>([&] { read_choices(folder_ / "dev"); });
  };
  std::string wrong_answer = kArticle;
  wrong_answer.replace(wrong_answer.find("\"A\""), 3, "\"E\"");
  EXPECT_THAT(refusal_of(wrong_answer), AllOf(HasSubstr("1.txt: question 1"), HasSubstr("found 'E'")));
  std::string fewer_answers = kArticle;
  fewer_answers.replace(fewer_answers.find("\"B\", "), 5, "");
  EXPECT_THAT(refusal_of(fewer_answers), HasSubstr("2 questions, but 2 lists of options and 1 answers"));
  EXPECT_THAT(refusal_of(R"({"article": "x"})"),
              HasSubstr("1.txt: expected JSON objects, each an article of RACE: 'id' is missing"));
  std::string number = kArticle;
  number.replace(number.find("\"A\""), 3, "1");
  EXPECT_THAT(refusal_of(number), HasSubstr("expected a text, found 1"));
  EXPECT_THAT(refusal_of("{\"article\": "), HasSubstr("expected JSON objects"));
}

}  // namespace
}  // namespace albert::tasks
