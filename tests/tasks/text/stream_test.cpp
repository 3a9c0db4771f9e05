#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/log_capture.h"
#include "support/refusal.h"
#include "tasks/common/tab_columns.h"
#include "text_tasks.h"

namespace albert::tasks {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Labels = std::vector<std::string>;

class TextStreamTest : public ::testing::Test {
 protected:
  void open(const TextSettings& settings, RecordFormat format, std::string_view header = "") {
    const bool has_labels = settings.kind_of_output() != TextOutput::kRegression;
    task_ = make_text_task(settings, has_labels ? Labels{"a", "b"} : Labels());
    window_ = task_->open_window(format, header, header_);
  }

  void add(std::string_view record) {
    window_->add(record, {.file = "standard input", .line = static_cast<std::int64_t>(++line_), .id = {}});
  }

  std::string refusal(std::string_view record) {
    const std::size_t before = window_->num_records();
    const std::string message = testing::refusal<DataError>([&] { add(record); });
    EXPECT_EQ(window_->num_records(), before);
    return message;
  }

  std::string written(std::size_t record, std::vector<float> scores) {
    window_->take_scores(record, scores);
    std::string out;
    window_->write(record, out);
    return out;
  }

  std::string written_empty(std::string_view record) {
    std::string out;
    window_->write_empty(record, out);
    return out;
  }

  std::unique_ptr<Task> task_;
  std::unique_ptr<RecordWindow> window_;
  std::string header_;
  int line_ = 0;
};

const float kLog3 = std::log(3.F);

TEST_F(TextStreamTest, ALineIsAText) {
  open({}, RecordFormat::kText);
  add("5 6");
  add("7 8");
  EXPECT_THAT(testing::refusal<DataError>([&] { add("9\tlabel"); }), HasSubstr("found a tab in it"));
  EXPECT_EQ(header_, "");
  EXPECT_THAT(window_->item(0).sequences[0].token_ids, ElementsAre(2, 5, 6, 3));
  EXPECT_THAT(window_->item(1).sequences[0].token_ids, ElementsAre(2, 7, 8, 3));
  EXPECT_EQ(written(1, {0, kLog3}), "b\t0.750000\n");
  EXPECT_EQ(written(0, {kLog3, 0}), "a\t0.750000\n");
  window_->clear();
  EXPECT_EQ(window_->num_items(), 0U);
}

TEST_F(TextStreamTest, ATabStandsBetweenTheTextsOfAPair) {
  open(of_glue(GlueTask::kStsb), RecordFormat::kText);
  add("5\t6");
  EXPECT_THAT(window_->item(0).sequences[0].token_ids, ElementsAre(2, 5, 3, 6, 3));
  EXPECT_EQ(written(0, {3.25F}), "3.25\n");
  EXPECT_THAT(refusal("5 6"), AllOf(HasSubstr("standard input:2"), HasSubstr("found no tab")));
  EXPECT_THAT(refusal("5\t6\t7"), HasSubstr("more than one"));
  EXPECT_THAT(refusal("5\t "), HasSubstr("second text is empty"));
}

TEST_F(TextStreamTest, BadRecordsAreRefusedAndTheOthersStay) {
  open({}, RecordFormat::kText);
  add("5");
  EXPECT_THAT(refusal(""), AllOf(HasSubstr("standard input:2"), HasSubstr("empty")));
  EXPECT_EQ(window_->num_records(), 1U);
}

TEST_F(TextStreamTest, TheHeaderOfATableNamesItsColumns) {
  open(of_glue(GlueTask::kRte), RecordFormat::kTsv, "sentence2\tnote\tsentence1");
  EXPECT_EQ(header_, "sentence2\tnote\tsentence1\tprediction\tprobability_a\tprobability_b");
  add("6\t\"x\t5");
  EXPECT_THAT(window_->item(0).sequences[0].token_ids, ElementsAre(2, 5, 3, 6, 3));
  EXPECT_EQ(written(0, {0, kLog3}), "6\t\"x\t5\tb\t0.25\t0.75\n");
  EXPECT_THAT(refusal("6\t5"), HasSubstr("expected 3 columns as in the first line, found 2"));
}

TEST_F(TextStreamTest, AHeaderWithoutTheTextIsRefused) {
  EXPECT_THROW(open({}, RecordFormat::kTsv, "label\tbody"), DataError);
  TextSettings by_number;
  by_number.text = "2";
  by_number.label = {"1"};
  EXPECT_NO_THROW(open(by_number, RecordFormat::kTsv, "label\tbody"));
  EXPECT_NO_THROW(open(by_number, RecordFormat::kTsv, "text"));
}

TEST_F(TextStreamTest, WhereFilesHaveNoHeaderTheFirstLineIsARecord) {
  TextSettings by_number;
  by_number.text = "2";
  by_number.label = {"1"};
  open(by_number, RecordFormat::kTsv, "7\t5");
  EXPECT_FALSE(task_->is_header("7\t5"));
  EXPECT_EQ(header_, "");
  add("7\t5");
  EXPECT_THAT(window_->item(0).sequences[0].token_ids, ElementsAre(2, 5, 3));
  EXPECT_TRUE(task_->is_header("note\ttext"));
}

TEST_F(TextStreamTest, OlderPredictionsAreRefused) {
  EXPECT_THROW(open({}, RecordFormat::kTsv, "text\tprediction"), DataError);
  EXPECT_THROW(open({}, RecordFormat::kTsv, "text\tprobability_b"), DataError);
  open({}, RecordFormat::kJsonl);
  EXPECT_THROW(add(R"({"text": "5", "prediction": "a"})"), DataError);
  EXPECT_THROW(add(R"({"probabilities": {}, "text": "5"})"), DataError);
  EXPECT_EQ(window_->num_records(), 0U);
}

TEST_F(TextStreamTest, ABadRecordKeepsItsPlace) {
  open({}, RecordFormat::kText);
  EXPECT_EQ(written_empty(" "), "\n");
  open({}, RecordFormat::kTsv, "id\ttext");
  EXPECT_EQ(written_empty("7\t"), "7\t\t\t\t\n");
  EXPECT_EQ(written_empty("7"), "\t\t\t\t\n");
  TextSettings by_number;
  by_number.text = "2";
  by_number.label = {"1"};
  open(by_number, RecordFormat::kTsv, "7\t5");
  EXPECT_EQ(written_empty("x"), "\t\t\t\t\n") << "without a header";
  open({}, RecordFormat::kJsonl);
  EXPECT_EQ(written_empty(R"({"id": 7, "text": ""})"), "{\"id\": 7, \"text\": \"\"}\n");
  EXPECT_EQ(written_empty("no object"), "{}\n");
}

TEST_F(TextStreamTest, ObjectsKeepTheirMembers) {
  open(with_output(TextOutput::kMultilabel), RecordFormat::kJsonl);
  add(R"({"id": 7, "text": "5"})");
  EXPECT_THAT(window_->item(0).sequences[0].token_ids, ElementsAre(2, 5, 3));
  EXPECT_EQ(written(0, {kLog3, 0}),
            "{\"id\": 7,\"text\": \"5\",\"prediction\":[\"a\",\"b\"],\"probabilities\":{\"a\":0.75,\"b\":0.5}}\n");
  EXPECT_THAT(refusal(R"({"body": "5"})"), HasSubstr("no field 'text'"));
  EXPECT_THAT(refusal("5"), HasSubstr("expected a JSON object"));
}

TEST_F(TextStreamTest, RowsInQuotesAreRefusedWhereTheseAreCharacters) {
  open({}, RecordFormat::kTsv, "id\ttext");
  EXPECT_THAT(refusal("\"7\"\t\"5\""), HasSubstr("set task.text.format: tsv_quoted"));
  add("7\t5");
  TextSettings quoted;
  quoted.format = TextFileFormat::kTsvQuoted;
  open(quoted, RecordFormat::kTsv, "id\ttext");
  add("\"7\"\t\"5\"");
  EXPECT_THAT(window_->item(0).sequences[0].token_ids, ElementsAre(2, 5, 3));
}

TEST_F(TextStreamTest, QuotesAroundAllTextsAreWarnedOfOnce) {
  const auto warning = [&](int count) {
    const testing::LogCapture log;
    open({}, RecordFormat::kTsv, "text\tn");
    for (int i = 0; i < count; ++i) add("\"5\"\t3");
    const std::string before_end = log.text();
    window_->end();
    EXPECT_EQ(before_end.empty(), count < 10) << "told as soon as it is known";
    return log.text();
  };
  EXPECT_THAT(warning(1), IsEmpty());
  EXPECT_THAT(warning(2),
              AllOf(HasSubstr("standard input: all of the 2 texts stand in quotes, which are read as a part"),
                    HasSubstr("set task.text.format: tsv_quoted")));
  const std::string many = warning(30);
  EXPECT_THAT(many, HasSubstr("all of the 10 texts so far stand in quotes"));
  EXPECT_EQ(many.find("in quotes"), many.rfind("in quotes"));
  const testing::LogCapture log;
  open({}, RecordFormat::kTsv, "text\tn");
  for (const char* row : {"\"5\"\t3", "5\t3"}) add(row);
  window_->end();
  EXPECT_THAT(log.text(), IsEmpty());
}

TEST_F(TextStreamTest, ASecondTextIsRefusedWhereItIsNotRead) {
  open({}, RecordFormat::kJsonl);
  EXPECT_THAT(refusal(R"({"text": "5", "second_text": "6"})"),
              HasSubstr("standard input:1: the model reads single texts, found a second one in 'second_text'"));
  add(R"({"text": "5", "second_text": null})");
  EXPECT_THAT(testing::refusal<DataError>([&] { open({}, RecordFormat::kTsv, "text\tsecond_text"); }),
              HasSubstr("the model reads single texts, found a second one in 'second_text'"));
  TextSettings of_second;
  of_second.text = "second_text";
  open(of_second, RecordFormat::kJsonl);
  add(R"({"text": "5", "second_text": "6"})");
  EXPECT_THAT(window_->item(0).sequences[0].token_ids, ElementsAre(2, 6, 3)) << "it is the one that the model reads";
}

TEST_F(TextStreamTest, LayoutsOfGlueTakeTheNamesOfOnesOwnFilesToo) {
  open(of_glue(GlueTask::kQnli), RecordFormat::kJsonl);
  add(R"({"text": "5", "second_text": "6"})");
  EXPECT_THAT(refusal(R"({"text": "5"})"), HasSubstr("no field 'sentence' or 'second_text'"));
  add(R"({"question": "7", "sentence": "8", "label": {"right": "or not"}})");
  EXPECT_THAT(window_->item(0).sequences[0].token_ids, ElementsAre(2, 5, 3, 6, 3));
  EXPECT_THAT(window_->item(1).sequences[0].token_ids, ElementsAre(2, 7, 3, 8, 3));
  EXPECT_THAT(refusal("{}"), HasSubstr("no field 'question' or 'text'"));
  open(of_glue(GlueTask::kSst2), RecordFormat::kTsv, "text\tid");
  add("5\t1");
  EXPECT_THAT(window_->item(0).sequences[0].token_ids, ElementsAre(2, 5, 3));
}

TEST_F(TextStreamTest, LabelsOfAMultilabelLineHaveTheirProbabilities) {
  open(with_output(TextOutput::kMultilabel), RecordFormat::kText);
  add("5");
  EXPECT_EQ(written(0, {kLog3, 0}), "a,b\t0.750000,0.500000\n");
  EXPECT_EQ(written(0, {-1, -1}), "\n") << "no label at all";
}

}  // namespace
}  // namespace albert::tasks
