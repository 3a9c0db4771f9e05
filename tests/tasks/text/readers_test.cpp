#include "tasks/text/readers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/log_capture.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "tasks/text/columns.h"

namespace albert::tasks {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TextFormat pairs(RowFormat rows) {
  return {.rows = rows, .columns = {.first = {"question"}, .second = {"answer"}, .labels = {{"label"}}, .id = {"id"}}};
}

TextFile parse(std::string_view content, const TextFormat& format, bool need_labels = true) {
  return parse_texts(content, format, need_labels, "dev");
}

std::string refusal(std::string_view content, const TextFormat& format, bool need_labels = true) {
  return testing::refusal<DataError>([&] { parse(content, format, need_labels); });
}

TEST(TextReader, FindsColumnsByTheirNames) {
  const TextFile file =
      parse("label\tid\tanswer\tquestion\nyes\t7\tA 1\tQ 1\nno\t8\tA 2\tQ 2\n", pairs(RowFormat::kTsv));
  ASSERT_EQ(file.records.size(), 2U);
  EXPECT_TRUE(file.is_labelled());
  EXPECT_EQ(file.header, "label\tid\tanswer\tquestion");
  const TextRecord& record = file.records[1];
  EXPECT_EQ(record.first, "Q 2");
  EXPECT_EQ(record.second, "A 2");
  EXPECT_EQ(record.id, "8");
  EXPECT_THAT(record.labels, ElementsAre("no"));
  EXPECT_EQ(record.row, "no\t8\tA 2\tQ 2");
  EXPECT_EQ(record.place.to_string(), "dev:3");
}

TEST(TextReader, AMemberIsNamedAsItIs) {
  const TextFormat format{.rows = RowFormat::kJsonl,
                          .columns = {.first = {"text"}, .labels = {{"is_duplicate", "label"}}, .id = {"index", "id"}}};
  EXPECT_THAT(refusal(R"({"text": "a", "label": {}})", format), HasSubstr("in the field 'label', found {}"));
  EXPECT_THAT(refusal(R"({"text": "a", "label": 1, "id": []})", format), HasSubstr("in the field 'id', found []"));
}

TEST(TextReader, AHeaderBetweenRowsIsNoExample) {
  EXPECT_THAT(
      refusal("question\tanswer\tlabel\nQ\tA\tyes\nquestion\tanswer\tlabel\nQ\tB\tno\n", pairs(RowFormat::kTsv)),
      HasSubstr("dev:3: expected an example, found the header once more"));
}

TEST(TextReader, QuotesDoNotStayInSilence) {
  TextFormat format{
      .columns = {.first = {"text"}, .labels = {{"label"}}}, .refuses_quotes = true, .settings = "task.text."};
  const char* const advice = "set task.text.format: tsv_quoted to read what is in them, or tsv to keep them";
  for (const char* rows : {"\"a\"\t\"b\"\n", "a\t\"b\"\n", "\"say \"\"a\"\"\"\tb\n"}) {
    EXPECT_THAT(refusal(std::string("text\tlabel\n") + rows, format),
                AllOf(HasSubstr("dev:2: fields stand in quotes"), HasSubstr(advice)))
        << rows;
  }
  EXPECT_THAT(refusal("\"text\"\t\"label\"\na\tb\n", format),
              HasSubstr("the names stand in quotes: set task.text.format: tsv_quoted"));
  EXPECT_EQ(parse("text\tlabel\n\"a\"\tx\nb\ty\n", format).records[0].first, "\"a\"") << "one text that has them";
  format.rows = RowFormat::kTsvQuoted;
  const std::string quoted = "text\tlabel\n\"a\"\t\"b\"\n";
  EXPECT_EQ(parse(quoted, format).records[0].first, "a");
  EXPECT_THAT(parse("\"text\"\t\"label\"\na\tb\n", format).records[0].labels, ElementsAre("b"));
  const TextFormat plain{.columns = format.columns};
  EXPECT_THAT(parse(quoted, plain).records[0].labels, ElementsAre("\"b\"")) << "as GLUE has them";
  format.rows = RowFormat::kCsv;
  EXPECT_THAT(parse("text,label\n\"a\",\"b\"\n", format).records[0].labels, ElementsAre("b"));
}

/// A program that quotes texts and no numbers, or a few lines of speech.
TEST(TextReader, QuotesAroundAllTextsAreThoseOfAProgramIfTheTextsAreMany) {
  const TextFormat format{
      .columns = {.first = {"text"}, .labels = {{"label"}}}, .refuses_quotes = true, .settings = "task.text."};
  const auto rows = [](int count) {
    std::string content = "text\tlabel\n";
    for (int i = 0; i < count; ++i) content += "\"a\"\t7\n";
    return content;
  };
  EXPECT_THAT(refusal(rows(10), format), HasSubstr("dev:2: fields stand in quotes"));
  EXPECT_NO_THROW(parse(rows(10) + "b\t7\n", format));
  const testing::LogCapture log;
  EXPECT_EQ(parse(rows(1), format).records[0].first, "\"a\"");
  EXPECT_THAT(log.text(), IsEmpty());
  EXPECT_EQ(parse(rows(9), format).records[0].first, "\"a\"");
  EXPECT_THAT(log.text(), AllOf(HasSubstr("dev: all of the 9 texts stand in quotes, which are read as a part of them"),
                                HasSubstr("set task.text.format: tsv_quoted")));
}

TEST(TextReader, PairsMayStandInQuotesUnlessOtherFieldsDo) {
  TextFormat format{.columns = {.first = {"a"}, .second = {"b"}}, .refuses_quotes = true, .settings = "task.text."};
  EXPECT_EQ(parse("a\tb\n\"Yes, I do.\"\t\"No.\"\nWell\tNo\n", format, false).records[0].second, "\"No.\"");
  EXPECT_THAT(refusal("a\tb\tid\n\"Yes, I do.\"\t\"No.\"\t\"7\"\n", format, false), HasSubstr("dev:2: fields stand"));
}

TEST(TextReader, ASecondTextThatIsNotReadIsWarnedOf) {
  TextFormat format{
      .columns = {.first = {"text"}, .labels = {{"label"}}}, .unread_second = "second_text", .settings = "task.text."};
  const char* const warning =
      "dev: there is a 'second_text', which is not read: texts are read one by one; for pairs set "
      "task.text.second_text=second_text";
  {
    const testing::LogCapture log;
    parse("text\tsecond_text\tlabel\na\tb\tx\nc\td\ty\n", format);
    EXPECT_THAT(log.text(), HasSubstr(warning));
  }
  const testing::LogCapture log;
  parse("text\tlabel\na\tsecond_text\n", format);
  EXPECT_THAT(log.text(), IsEmpty());
  format.rows = RowFormat::kJsonl;
  parse("{\"text\": \"a\", \"second_text\": \"b\", \"label\": \"x\"}\n", format);
  EXPECT_THAT(log.text(), HasSubstr(warning));
}

TEST(TextReader, OtherDelimitersAreReadOrNamed) {
  TextFormat format = pairs(RowFormat::kCsv);
  format.settings = "task.text.";
  const std::string content = "label;question;\"answer\"\nyes;\"Q; 1\";A, 1\n";
  EXPECT_THAT(refusal(content, format),
              HasSubstr("dev:1: the columns are apart by ';', expected ','; set task.text.delimiter=';'"));
  format.delimiter = ';';
  const TextFile file = parse(content, format);
  EXPECT_EQ(file.records[0].first, "Q; 1");
  EXPECT_EQ(file.records[0].second, "A, 1");
  TextFormat numbered{.header = HeaderRow::kAbsent, .columns = {.first = {"2"}, .labels = {{"1"}}}};
  EXPECT_THAT(refusal("yes|text\n", numbered), HasSubstr("the columns are apart by '|', expected a tab"));
  EXPECT_THAT(refusal("yes\ttext|more\tx|y|z\nno\n", numbered), HasSubstr("expected 3 columns"));
}

TEST(TextReader, OtherDelimitersAreNamedWhereFieldsStandInQuotes) {
  TextFormat format{.rows = RowFormat::kCsv,
                    .header = HeaderRow::kPresent,
                    .columns = {.first = {"text"}, .labels = {{"label"}}},
                    .settings = "task.text."};
  for (const std::string delimiter : {";", "|", "\t"}) {
    const std::string name = delimiter == "\t" ? "tab" : delimiter;
    const std::string rows = "\"a, b\"" + delimiter + "\"x\"\n";
    for (const std::string& header : {"\"text\"" + delimiter + "\"label\"\n", "text" + delimiter + "label\n"}) {
      EXPECT_THAT(refusal(header + rows, format), HasSubstr("set task.text.delimiter='" + name + "'"));
    }
  }
  format.rows = RowFormat::kTsv;
  EXPECT_THAT(refusal("\"text\";\"label\"\n\"a\";\"x\"\n", format),
              HasSubstr("set task.text.delimiter=';' and task.text.format=csv"));
}

TEST(TextReader, AColumnIsOneThing) {
  TextFormat format{
      .header = HeaderRow::kPresent, .columns = {.first = {"text"}, .labels = {{"1"}}}, .settings = "task.text."};
  EXPECT_THAT(refusal("text\tlabel\na\tx\n", format),
              HasSubstr("dev:1: task.text.text and task.text.label are both column 1; each needs its own"));
}

TEST(TextReader, AColumnThatIsNotThereHasItsRemedy) {
  TextFormat format{.header = HeaderRow::kPresent, .columns = {.first = {"0"}, .labels = {{"label"}}}};
  EXPECT_THAT(refusal("text\tlabel\na\tb\n", format), HasSubstr("columns have numbers from 1, up to 2 here"));
  const auto header = [] { TextColumnPlaces({.first = {"text"}}, {"label,text"}, 1, false, {}, "", ""); };
  EXPECT_THAT(testing::refusal<DataError>(header), HasSubstr("columns seem to be apart by ',' here"));
}

TEST(TextReader, MessagesShowLittleOfAFile) {
  const std::string cell(5000, 'x');
  EXPECT_LT(refusal(cell + "\t" + cell + "\n", pairs(RowFormat::kTsv)).size(), 400U);
  EXPECT_LT(refusal("{\"" + cell + "\": 1}", pairs(RowFormat::kJsonl)).size(), 400U);
  EXPECT_LT(refusal("{\"question\": \"" + cell, pairs(RowFormat::kJsonl)).size(), 400U);
}

TEST(TextReader, ReadsAnArrayOfObjects) {
  TextFormat format{.rows = RowFormat::kJsonl, .columns = {.first = {"text"}, .labels = {{"tags"}}}};
  const TextFile file =
      parse("[{\"text\": \"a\",\n \"tags\": [\"x, y\"]},\n {\"text\": \"b\", \"tags\": []}]\n", format);
  ASSERT_EQ(file.records.size(), 2U);
  EXPECT_THAT(file.records[0].labels, ElementsAre("x, y"));
  EXPECT_EQ(file.records[0].row, R"({"text": "a", "tags": ["x, y"]})") << "a row is one line";
  EXPECT_EQ(file.records[1].place.to_string(), "dev: record 2");
}

TEST(TextReader, FindsColumnsByTheirNumbers) {
  TextFormat format{.header = HeaderRow::kAbsent, .columns = {.first = {"2"}, .labels = {{"1"}}}};
  const TextFile file = parse("ham\tGo until\t\nspam\tFree entry\t\n", format);
  ASSERT_EQ(file.records.size(), 2U);
  EXPECT_EQ(file.header, "");
  EXPECT_EQ(file.records[0].first, "Go until");
  EXPECT_THAT(file.records[1].labels, ElementsAre("spam"));
  EXPECT_EQ(file.records[0].place.line, 1);
  format.columns.first = {"4"};
  EXPECT_THAT(refusal("ham\tGo until\t\n", format),
              AllOf(HasSubstr("dev:1"), HasSubstr("column 4"), HasSubstr("has 3")));
}

TEST(TextReader, ReadsCsvWithLineFeedsInFields) {
  const TextFile file =
      parse("question,answer,label\r\n\"one,\r\ntwo\",\"say \"\"A\"\"\",yes\r\nQ,B,no\r\n", pairs(RowFormat::kCsv));
  ASSERT_EQ(file.records.size(), 2U);
  EXPECT_EQ(file.records[0].first, "one,\r\ntwo");
  EXPECT_EQ(file.records[0].second, "say \"A\"");
  EXPECT_EQ(file.records[1].place.line, 4);
}

TEST(TextReader, ReadsJsonLines) {
  const TextFile file = parse(
      "{\"question\": \"Q\", \"answer\": \"A\\n\\u00e9\", \"label\": 2, \"id\": \"x\"}\n"
      "\n"
      "{\"question\": \"R\", \"answer\": \"B\", \"label\": true, \"more\": []}\n",
      pairs(RowFormat::kJsonl));
  ASSERT_EQ(file.records.size(), 2U);
  EXPECT_EQ(file.records[0].second, "A\n\xc3\xa9");
  EXPECT_THAT(file.records[0].labels, ElementsAre("2"));
  EXPECT_EQ(file.records[0].id, "x");
  EXPECT_THAT(file.records[1].labels, ElementsAre("true"));
  EXPECT_EQ(file.records[1].place.line, 3);
  EXPECT_EQ(file.num_empty_lines, 1);
}

TEST(TextReader, NumbersWhoseDigitsWouldBeLostAreRefused) {
  const TextFormat format{.rows = RowFormat::kJsonl, .columns = {.first = {"text"}, .labels = {{"label"}}}};
  EXPECT_EQ(parse("{\"text\": \"a\", \"label\": 9007199254740993}\n", format).records[0].labels[0], "9007199254740993");
  EXPECT_EQ(parse("{\"text\": \"a\", \"label\": -0.5}\n", format).records[0].labels[0], "-0.5");
  EXPECT_THAT(refusal("{\"text\": \"a\", \"label\": 12345678901234567890123}", format),
              HasSubstr("dev:1: the number in the field 'label' has more digits than are read"));
}

TEST(TextReader, AListOfLabelsInJsonMayBeEmpty) {
  const TextFormat format{.rows = RowFormat::kJsonl, .columns = {.first = {"text"}, .labels = {{"tags"}}}};
  const TextFile file = parse("{\"text\": \"a\", \"tags\": []}\n{\"text\": \"b\", \"tags\": [\"x\", \"y\"]}\n", format);
  EXPECT_TRUE(file.records[0].is_labelled);
  EXPECT_THAT(file.records[0].labels, IsEmpty());
  EXPECT_THAT(file.records[1].labels, ElementsAre("x", "y"));
}

TEST(TextReader, ReadsALabelBeforeAText) {
  const TextFormat format{.rows = RowFormat::kLabelText};
  const TextFile file = parse("DESC:manner How did serfdom develop ?\nx\tA tab\n", format);
  EXPECT_EQ(file.records[0].first, "How did serfdom develop ?");
  EXPECT_THAT(file.records[0].labels, ElementsAre("DESC:manner"));
  EXPECT_EQ(file.records[1].first, "A tab");
  EXPECT_THAT(refusal("a b\nlabel\n", format), AllOf(HasSubstr("dev:2"), HasSubstr("no text")));
  EXPECT_THAT(refusal(" text\n", format), HasSubstr("no label"));
}

TEST(TextReader, AFileMayBeWithoutLabelsWhereNoneAreNeeded) {
  const std::string content = "question\tanswer\nQ\tA\n";
  EXPECT_FALSE(parse(content, pairs(RowFormat::kTsv), false).is_labelled());
  EXPECT_THAT(refusal(content, pairs(RowFormat::kTsv)),
              AllOf(HasSubstr("dev:1"), HasSubstr("no column 'label'"), HasSubstr("'question', 'answer'")));
  EXPECT_FALSE(parse(R"({"question": "Q", "answer": "A"})", pairs(RowFormat::kJsonl), false).is_labelled());
}

TEST(TextReader, AdvisesWhatIsPossible) {
  TextFormat fixed = pairs(RowFormat::kTsv);
  EXPECT_THAT(refusal("question\tanswer\tlabel\n\"Q\tQ\"\tA\tyes\n", fixed), Not(HasSubstr("tsv_quoted")));
  EXPECT_THAT(refusal("a\tb\tc\nQ\tA\tyes\n", fixed), Not(HasSubstr("no header")));
  fixed.if_unlabelled = "; see --part";
  const std::string content = "question\tanswer\nQ\tA\n";
  EXPECT_THAT(refusal(content, fixed), HasSubstr("; see --part"));
  EXPECT_THAT(refusal("question\tlabel\nQ\tyes\n", fixed), Not(HasSubstr("; see --part"))) << "the text is missing";
  fixed.rows = RowFormat::kJsonl;
  EXPECT_THAT(refusal(R"({"question": "Q", "answer": "A"})", fixed), HasSubstr("; see --part"));
}

TEST(TextReader, SaysThatJsonIsReadByLinesOrAsAnArray) {
  const TextFormat format = pairs(RowFormat::kJsonl);
  EXPECT_THAT(refusal("{}\n[1]\n", {.rows = RowFormat::kJsonl}),
              AllOf(HasSubstr("dev:2: expected a JSON object on each line, found an array"), HasSubstr("jq -c '.[]'")));
  EXPECT_THAT(refusal("{\n  \"question\": \"Q\"\n}\n", format), HasSubstr("goes on over several lines"));
}

TEST(TextReader, RefusesAFileThatIsLabelledInPart) {
  EXPECT_THAT(
      refusal("{\"question\": \"Q\", \"answer\": \"A\", \"label\": 1}\n{\"question\": \"Q\", \"answer\": \"A\"}\n",
              pairs(RowFormat::kJsonl), false),
      AllOf(HasSubstr("dev:2"), HasSubstr("no label")));
}

TEST(TextReader, SaysWhatIsWrongWithARow) {
  TextFormat tsv = pairs(RowFormat::kTsv);
  tsv.settings = "task.text.";
  EXPECT_THAT(refusal("question\tanswer\tlabel\nQ\tA\tyes\nQ\tyes\n", tsv),
              AllOf(HasSubstr("dev:3"), HasSubstr("expected 3 columns as in the header, found 2")));
  EXPECT_THAT(refusal("question\tanswer\tlabel\n\"Q\tQ\"\tA\tyes\n", tsv),
              HasSubstr("set task.text.format: tsv_quoted"));
  EXPECT_THAT(refusal("question\tanswer\tlable\nQ\tA\tyes\n", tsv), HasSubstr("is it 'lable'?"));
  EXPECT_THAT(refusal("a\tb\tc\nQ\tA\tyes\n", tsv), HasSubstr("give their numbers from 1 if it has no header"));
  EXPECT_THAT(refusal("question\tanswer\tlabel\n \tA\tyes\n", tsv), AllOf(HasSubstr("dev:2"), HasSubstr("first text")));
  EXPECT_THAT(refusal("question\tanswer\tlabel\nQ\t\tyes\n", tsv), HasSubstr("second text is empty"));
  EXPECT_THAT(refusal("question\tanswer\tlabel\n", tsv), HasSubstr("no record"));
  EXPECT_THAT(refusal("", tsv), HasSubstr("no record"));
}

TEST(TextReader, SaysWhatIsWrongWithAnObject) {
  const TextFormat format = pairs(RowFormat::kJsonl);
  EXPECT_THAT(refusal("{\"question\": ", format), AllOf(HasSubstr("dev:1"), HasSubstr("not valid JSON")));
  EXPECT_THAT(refusal("[1]", format), HasSubstr("dev: record 1: expected a JSON object, found 1"));
  EXPECT_THAT(refusal(R"({"question": 3, "answer": "A", "label": 1})", format),
              HasSubstr("expected a text in the field 'question', found 3"));
  EXPECT_THAT(refusal(R"({"question": null, "answer": "A", "label": 1})", format),
              HasSubstr("the field 'question' is null"));
  EXPECT_THAT(refusal(R"({"queston": "Q", "answer": "A", "label": 1})", format), HasSubstr("is it 'queston'?"));
  EXPECT_THAT(refusal(R"({"question": "Q", "answer": "A", "label": {}})", format),
              HasSubstr("in the field 'label', found {}"));
}

TEST(TextReader, ReadsFilesInTheirEncoding) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "train.tsv", "\xef\xbb\xbflabel\ttext\n1\tcaf\xc3\xa9\n");
  testing::write_file(folder / "latin.tsv", "label\ttext\n1\tcaf\xe9\n");
  TextFormat format{.columns = {.first = {"text"}, .labels = {{"label"}}}};
  EXPECT_EQ(read_texts(folder / "train.tsv", format, true).records.at(0).first, "caf\xc3\xa9");
  EXPECT_THROW(read_texts(folder / "latin.tsv", format, true), DataError);
  format.encoding = "iso-8859-1";
  EXPECT_EQ(read_texts(folder / "latin.tsv", format, true).records.at(0).first, "caf\xc3\xa9");
  EXPECT_THROW(read_texts(folder / "none.tsv", format, true), IoError);
}

}  // namespace
}  // namespace albert::tasks
