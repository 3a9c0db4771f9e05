#include "datasets/score.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/log_capture.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert::datasets {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

/// Two files of one test case, and their score.
class Score : public ::testing::Test {
 protected:
  ScoreOptions write(const std::string& task, const std::string& extension, const std::string& gold,
                     const std::string& predictions) {
    ScoreOptions options;
    options.task = task;
    options.gold = folder_ / ("gold" + extension);
    options.predictions = folder_ / ("predictions" + extension);
    testing::write_file(options.gold, gold);
    testing::write_file(options.predictions, predictions);
    return options;
  }
  static double figure(const metrics::Report& report, const char* name) {
    return metrics::find(report.figures, name).value();
  }

  testing::TemporaryFolder folder_;
};

TEST_F(Score, GlueSubmissionByIndex) {
  const ScoreOptions options = write("rte", ".tsv",
                                     "index\tsentence1\tsentence2\tlabel\n"
                                     "10\tA\tB\tentailment\n"
                                     "11\tC\tD\tnot_entailment\n"
                                     "12\tE\tF\tentailment\n",
                                     "index\tprediction\n"
                                     "12\tentailment\n"
                                     "10\tnot_entailment\n"
                                     "11\tnot_entailment\n");
  const metrics::Report report = score(options);
  EXPECT_DOUBLE_EQ(figure(report, "accuracy"), 2.0 / 3);
  EXPECT_DOUBLE_EQ(figure(report, "f1"), 2.0 / 3);  // of class 1, not_entailment
}

TEST_F(Score, GlueRecordsWithoutAnIndexAreNumberedFromZero) {
  const ScoreOptions options =
      write("sst2", ".tsv", "sentence\tlabel\nfine\t1\nbad\t0\n", "index\tprediction\n1\t0\n0\t1\n");
  EXPECT_EQ(figure(score(options), "accuracy"), 1);
}

TEST_F(Score, GlueNumbers) {
  const ScoreOptions options =
      write("stsb", ".tsv", "index\tsentence1\tsentence2\tscore\n0\tA\tB\t1.0\n1\tC\tD\t5.0\n2\tE\tF\t2.5\n",
            "index\tprediction\n0\t0.500\n1\t4.0\n2\t1.5\n");
  EXPECT_DOUBLE_EQ(figure(score(options), "spearman"), 1);
  EXPECT_LT(figure(score(options), "pearson"), 1);
}

TEST_F(Score, GlueRecordsAndPredictionsMustBeTheSame) {
  const std::string gold = "sentence\tlabel\nfine\t1\nbad\t0\n";
  const auto refuses = [&](const std::string& rows, const char* expected) {
    const ScoreOptions options = write("sst2", ".tsv", gold, "index\tprediction\n" + rows);
    EXPECT_THAT([&] { score(options); }, ThrowsMessage<DataError>(HasSubstr(expected))) << rows;
  };
  refuses("0\t1\n", "found none for the index 1");
  refuses("0\t1\n1\t0\n2\t0\n", "predictions.tsv:4: the index 2 is of none of the 2 records");
  refuses("0\t1\n0\t0\n", "predictions.tsv:3: the index 0 was predicted before");
  refuses("0\t1\n1\tno\n", "predictions.tsv:3: expected one of the labels '0', '1', found 'no'");
}

TEST_F(Score, OneFileMayHoldLabelsAndPredictions) {
  ScoreOptions options =
      write("classification", ".csv", "text,label,prediction\n\"a, b\",spam,ham\nc,ham,ham\nd,ham,ham\n", "");
  options.predictions = options.gold;
  EXPECT_DOUBLE_EQ(figure(score(options), "accuracy"), 2.0 / 3);
}

TEST_F(Score, ColumnsByNumberAreOfFilesWithoutAHeader) {
  ScoreOptions options = write("regression", ".tsv", "a\t1\nb\t2\nc\t4\n", "prediction\n3\n5\n4\n");
  options.label = {"2"};
  EXPECT_DOUBLE_EQ(figure(score(options), "spearman"), 0.5);
}

TEST_F(Score, RowsMustBeOfOneNumber) {
  const ScoreOptions options = write("classification", ".tsv", "label\na\nb\n", "prediction\na\n");
  EXPECT_THAT([&] { score(options); },
              ThrowsMessage<DataError>(AllOf(HasSubstr("expected 2 predictions"), HasSubstr("found 1"))));
}

TEST_F(Score, ListsOfLabels) {
  const ScoreOptions options =
      write("multilabel", ".jsonl", "{\"label\": [\"a\", \"b\"]}\n{\"label\": []}\n{\"label\": [\"c\"]}\n",
            "{\"prediction\": [\"b\", \"a\"]}\n{\"prediction\": [\"c\"]}\n{\"prediction\": []}\n");
  const metrics::Report report = score(options);
  EXPECT_DOUBLE_EQ(figure(report, "accuracy"), 1.0 / 3);
  EXPECT_DOUBLE_EQ(figure(report, "micro_f1"), 2 * 2.0 / (3 + 3));
}

TEST_F(Score, LabelsInColumnsOfTheirOwn) {
  ScoreOptions options =
      write("multilabel", ".tsv", "a\tb\tc\n1\t0\t0\n1\t1\t0\n", "prediction\tother\na\tx\na,b\tx\n");
  options.label = {"a", "b", "c"};
  const metrics::Report report = score(options);
  EXPECT_EQ(figure(report, "accuracy"), 1);
  EXPECT_DOUBLE_EQ(figure(report, "macro_f1"), 2.0 / 3);  // c is a label too
  testing::write_file(options.gold, "a\tb\tc\n1\t0\t0\n1\tx\t0\n");
  EXPECT_THAT([&] { score(options); },
              ThrowsMessage<DataError>(HasSubstr("gold.tsv:3: expected 0 or 1 in the column of the label 'b'")));
}

TEST_F(Score, UnknownTasksAndOptionsWithoutEffectAreMistakesOfUse) {
  ScoreOptions options = write("cola", ".tsv", "", "");
  options.null_odds = folder_ / "odds.json";
  EXPECT_THAT([&] { score(options); }, ThrowsMessage<UsageError>(HasSubstr("--null-odds has no effect on cola")));
  options.task = "squad";
  EXPECT_THAT([&] { score(options); }, ThrowsMessage<UsageError>(HasSubstr("is it 'squad1'?")));
}

TEST_F(Score, RelationsOfTheScorersFiles) {
  const std::string gold = "1\tCause-Effect(e1,e2)\n2\tOther\n";
  EXPECT_DOUBLE_EQ(figure(score(write("semeval2010", ".txt", gold, "2\tOther\n1\tCause-Effect(e2,e1)\n")), "accuracy"),
                   0.5);
  const ScoreOptions unknown = write("semeval2010", ".txt", gold, "1\tCause-Efect(e1,e2)\n2\tOther\n");
  EXPECT_THAT([&] { score(unknown); }, ThrowsMessage<DataError>(HasSubstr("1: expected a relation")));
}

const char* const kSquad = R"({"data": [{"paragraphs": [{"context": "Rome is the capital of Italy.", "qas": [
  {"id": "q1", "question": "What is the capital?", "answers": [{"text": "Rome", "answer_start": 0}]},
  {"id": "q2", "question": "Of what?", "answers": [{"text": "Italy", "answer_start": 23}]}]}]}]})";

TEST_F(Score, Squad1CountsAMissingAnswerAsWrongAndSaysSo) {
  const ScoreOptions options = write("squad1", ".json", kSquad, R"({"q1": "the rome", "q9": "x"})");
  const testing::LogCapture log;
  EXPECT_EQ(figure(score(options), "exact_match"), 50);
  EXPECT_THAT(log.text(), AllOf(HasSubstr("no prediction for 1 of 2 questions, the first is q2"),
                                HasSubstr("1 prediction of no question")));
}

TEST_F(Score, Squad2NeedsEveryAnswer) {
  const ScoreOptions options = write("squad2", ".json", kSquad, R"({"q1": "Rome"})");
  EXPECT_THAT([&] { score(options); },
              ThrowsMessage<DataError>(HasSubstr("found none for 1 of them; the first is q2")));
}

TEST_F(Score, PredictionsOfAnotherFileAreRefused) {
  const ScoreOptions options = write("squad1", ".json", kSquad, R"({"a": "x", "b": "y"})");
  EXPECT_THAT([&] { score(options); },
              ThrowsMessage<DataError>(HasSubstr("none of its 2 predictions is of a question of")));
}

TEST_F(Score, Squad2WithOdds) {
  ScoreOptions options = write("squad2", ".json",
                               R"({"data": [{"paragraphs": [{"context": "Rome is the capital.", "qas": [
  {"id": "q1", "question": "What is the capital?", "answers": [{"text": "Rome", "answer_start": 0}]},
  {"id": "q2", "question": "Of what?", "answers": [], "is_impossible": true}]}]}]})",
                               R"({"q1": "Rome", "q2": "capital"})");
  EXPECT_EQ(figure(score(options), "exact_match"), 50);
  EXPECT_EQ(figure(score(options), "no_answer_f1"), 0);
  options.null_odds = folder_ / "odds.json";
  testing::write_file(*options.null_odds, R"({"q2": 0.5, "q1": -3})");
  EXPECT_EQ(figure(score(options), "best_f1"), 100);
  EXPECT_EQ(figure(score(options), "best_f1_threshold"), -3);
  options.null_threshold = 0;
  EXPECT_EQ(figure(score(options), "exact_match"), 100);
  testing::write_file(*options.null_odds, R"({"q2": 0.5})");
  EXPECT_THAT([&] { score(options); }, ThrowsMessage<DataError>(HasSubstr("the first is q1")));
}

TEST_F(Score, Squad1HasNoUnanswerableQuestions) {
  const ScoreOptions options =
      write("squad1", ".json",
            R"({"data": [{"paragraphs": [{"context": "c", "qas": [{"id": "q", "question": "w", "answers": []}]}]}]})",
            R"({"q": ""})");
  EXPECT_THAT([&] { score(options); },
              ThrowsMessage<DataError>(AllOf(HasSubstr("question q"), HasSubstr("as squad2"))));
}

TEST_F(Score, AFirstRowThatMayNameTheColumnsIsAskedAbout) {
  ScoreOptions options = write("classification", ".tsv", "label\nx\ny\nx\ny\n", "prediction\nx\ny\nx\nx\n");
  options.label = {{"1"}};
  options.prediction = "1";
  EXPECT_THAT([&] { score(options); }, ThrowsMessage<DataError>(HasSubstr("gold.tsv:1")));
  options.header = HeaderRow::kPresent;
  EXPECT_EQ(figure(score(options), "accuracy"), 0.75);
}

TEST_F(Score, AColumnThatIsThereTwiceIsRefused) {
  const ScoreOptions options = write("classification", ".tsv", "label\nx\ny\n", "prediction\tprediction\nx\ty\ny\ty\n");
  EXPECT_THAT([&] { score(options); }, ThrowsMessage<DataError>(HasSubstr("several columns 'prediction'")));
}

TEST_F(Score, TheGoldFileMayBeInAnotherEncoding) {
  ScoreOptions options = write("classification", ".tsv", "label\n\xfc\no\n", "prediction\n\xc3\xbc\no\n");
  options.encoding = "iso-8859-1";
  EXPECT_EQ(figure(score(options), "accuracy"), 1);
}

}  // namespace
}  // namespace albert::datasets
