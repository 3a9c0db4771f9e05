#include "tasks/score.h"

#include <cmath>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/log_capture.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "tasks/definition_json.h"
#include "tasks/text/task.h"

namespace albert::tasks {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

/// Two files of one test case, and their score.
class Score : public ::testing::Test {
 protected:
  ScoreRequest write(const std::string& task, const std::string& extension, const std::string& gold,
                     const std::string& predictions) {
    ScoreRequest request;
    request.task = task;
    request.files.gold = folder_ / ("gold" + extension);
    request.files.predictions = folder_ / ("predictions" + extension);
    testing::write_file(request.files.gold, gold);
    testing::write_file(request.files.predictions, predictions);
    return request;
  }
  static double figure(const metrics::Report& report, const char* name) {
    return metrics::find(report.figures, name).value();
  }

  testing::TemporaryFolder folder_;
};

TEST_F(Score, GlueSubmissionByIndex) {
  const ScoreRequest request = write("rte", ".tsv",
                                     "index\tsentence1\tsentence2\tlabel\n"
                                     "10\tA\tB\tentailment\n"
                                     "11\tC\tD\tnot_entailment\n"
                                     "12\tE\tF\tentailment\n",
                                     "index\tprediction\n"
                                     "12\tentailment\n"
                                     "10\tnot_entailment\n"
                                     "11\tnot_entailment\n");
  const metrics::Report report = score(request);
  EXPECT_DOUBLE_EQ(figure(report, "accuracy"), 2.0 / 3);
  EXPECT_DOUBLE_EQ(figure(report, "f1"), 2.0 / 3);  // of class 1, not_entailment
}

TEST_F(Score, GlueRecordsWithoutAnIndexAreNumberedFromZero) {
  const ScoreRequest request =
      write("sst2", ".tsv", "sentence\tlabel\nfine\t1\nbad\t0\n", "index\tprediction\n1\t0\n0\t1\n");
  EXPECT_EQ(figure(score(request), "accuracy"), 1);
}

TEST_F(Score, GlueNumbers) {
  const ScoreRequest request =
      write("stsb", ".tsv", "index\tsentence1\tsentence2\tscore\n0\tA\tB\t1.0\n1\tC\tD\t5.0\n2\tE\tF\t2.5\n",
            "index\tprediction\n0\t0.500\n1\t4.0\n2\t1.5\n");
  EXPECT_DOUBLE_EQ(figure(score(request), "spearman"), 1);
  EXPECT_LT(figure(score(request), "pearson"), 1);
}

TEST_F(Score, GlueRecordsAndPredictionsMustBeTheSame) {
  const std::string gold = "sentence\tlabel\nfine\t1\nbad\t0\n";
  const auto refuses = [&](const std::string& rows, const char* expected) {
    const ScoreRequest request = write("sst2", ".tsv", gold, "index\tprediction\n" + rows);
    EXPECT_THAT([&] { score(request); }, ThrowsMessage<DataError>(HasSubstr(expected))) << rows;
  };
  refuses("0\t1\n", "found none for the index 1");
  refuses("0\t1\n1\t0\n2\t0\n", "predictions.tsv:4: the index 2 is of none of the 2 records");
  refuses("0\t1\n0\t0\n", "predictions.tsv:3: the index 0 was predicted before");
  refuses("0\t1\n1\tno\n", "predictions.tsv:3: expected one of the labels '0', '1', found 'no'");
}

TEST_F(Score, OneFileMayHoldLabelsAndPredictions) {
  ScoreRequest request =
      write("classification", ".csv", "text,label,prediction\n\"a, b\",spam,ham\nc,ham,ham\nd,ham,ham\n", "");
  request.files.predictions = request.files.gold;
  EXPECT_DOUBLE_EQ(figure(score(request), "accuracy"), 2.0 / 3);
}

TEST_F(Score, TheTaskMayBeThatOfAFile) {
  ScoreRequest request = write("", ".tsv", "kin\nyes\nno\n", "prediction\nyes\nyes\n");
  request.task = folder_ / "own.yaml";
  testing::write_file(request.task, "task: {kind: text, text: {label: [kin]}}\ntrain: {epochs: 1}\n");
  EXPECT_EQ(figure(score(request), "accuracy"), 0.5);
}

TEST_F(Score, ColumnsByNumberAreOfFilesWithoutAHeader) {
  ScoreRequest request = write("regression", ".tsv", "a\t1\nb\t2\nc\t4\n", "prediction\n3\n5\n4\n");
  request.settings = {"task.text.text=1", "task.text.label=[2]"};
  request.files.column = "prediction";
  EXPECT_DOUBLE_EQ(figure(score(request), "spearman"), 0.5);
}

TEST_F(Score, APredictionThatIsNoNumberIsToBeFilledIn) {
  const ScoreRequest request = write("regression", ".tsv", "text\tlabel\na\t1\nb\t2\n", "prediction\n1\nnan\n");
  EXPECT_THAT([&] { score(request); },
              ThrowsMessage<DataError>(HasSubstr("found 'nan'; each row of the gold file needs a prediction")));
}

TEST_F(Score, RowsMustBeOfOneNumber) {
  const ScoreRequest request = write("classification", ".tsv", "label\na\nb\n", "prediction\na\n");
  EXPECT_THAT([&] { score(request); },
              ThrowsMessage<DataError>(AllOf(HasSubstr("expected 2 predictions"), HasSubstr("found 1"))));
}

TEST_F(Score, OnesOwnRowsAreMatchedByTheirIndex) {
  const auto accuracy = [&](const char* gold, const char* predictions, const char* extension = ".tsv") {
    return figure(score(write("classification", extension, gold, predictions)), "accuracy");
  };
  const char* const gold = "text\tlabel\nA\tx\nB\ty\nC\tx\n";
  EXPECT_EQ(accuracy(gold, "index\tprediction\n2\tx\n0\tx\n1\ty\n"), 1) << "numbers of rows from 0";
  EXPECT_EQ(accuracy(gold, "id\tprediction\n2\ty\n3\tx\n1\tx\n"), 1) << "or from 1";
  const char* const known = "id\ttext\tlabel\nq7\tA\tx\nq3\tB\ty\n";
  EXPECT_EQ(accuracy(known, "id\tprediction\nq3\ty\nq7\tx\n"), 1);
  EXPECT_EQ(accuracy(known, "index\tprediction\n1\ty\n0\tx\n"), 1) << "of another name, by number";
  EXPECT_EQ(accuracy(known, "x\ny\n"), 1) << "labels alone, in the same order";
  EXPECT_EQ(accuracy(known, "text\tprediction\nA\tx\nB\ty\n"), 1) << "rows that are known by their texts";
  EXPECT_EQ(accuracy("index\tlabel\n0\tx\n1\ty\n", "prediction\nx\ny\n"), 1) << "the order is that of the numbers";
  EXPECT_EQ(accuracy("{\"id\": 7, \"label\": \"x\"}\n{\"id\": 3, \"label\": \"y\"}\n",
                     "{\"id\": 3, \"prediction\": \"y\"}\n{\"id\": 7, \"prediction\": \"x\"}\n", ".jsonl"),
            1);
}

TEST_F(Score, AnIndexIsOfTheSameNameOnly) {
  const auto accuracy = [&](const char* gold, const char* predictions) {
    return figure(score(write("classification", ".tsv", gold, predictions)), "accuracy");
  };
  const char* const shuffled = "id\ttext\tlabel\n2\tA\tx\n0\tB\ty\n1\tC\ty\n";
  EXPECT_EQ(accuracy(shuffled, "index\tprediction\n0\tx\n1\ty\n2\ty\n"), 1) << "numbers of rows, whatever the ids";
  EXPECT_EQ(accuracy(shuffled, "id\tprediction\n0\ty\n1\ty\n2\tx\n"), 1);
  EXPECT_EQ(accuracy(shuffled, "index\tid\tprediction\n0\t0\ty\n1\t1\ty\n2\t2\tx\n"), 1) << "the one that both have";
  EXPECT_EQ(accuracy("index\tid\tlabel\n7\t2\tx\n8\t0\ty\n", "id\tprediction\n0\ty\n2\tx\n"), 1);
}

TEST_F(Score, ARowThatHasNothingButThePredictionIsKnownByItsPlace) {
  const auto accuracy = [&](const char* extension, const char* gold, const char* predictions) {
    return figure(score(write("classification", extension, gold, predictions)), "accuracy");
  };
  EXPECT_EQ(accuracy(".tsv", "id\ttext\tlabel\nq7\tA\tx\nq3\tB\ty\n", "prediction\nx\ny\n"), 1);
  EXPECT_EQ(accuracy(".csv", "id,label\nq7,x\nq3,y\n", "prediction\r\nx\r\ny\r\n"), 1);
  EXPECT_EQ(accuracy(".jsonl", "{\"id\": \"q7\", \"label\": \"x\"}\n{\"id\": \"q3\", \"label\": \"y\"}\n",
                     "{\"prediction\": \"x\"}\n{\"prediction\": \"y\"}\n"),
            1);
}

TEST_F(Score, AnIndexThatNobodyAskedForAndThatCannotBeReadIsNone) {
  for (const char* id : {R"({"$oid": "a1"})", "[1, 2]", "true", "1.5"}) {
    const std::string gold = std::string("{\"id\": ") + id + ", \"label\": \"x\"}\n{\"id\": 3, \"label\": \"y\"}\n";
    EXPECT_EQ(figure(score(write("classification", ".jsonl", gold,
                                 "{\"prediction\": \"x\", \"sure\": 1}\n{\"prediction\": \"y\", \"sure\": 1}\n")),
                     "accuracy"),
              1)
        << id;
  }
  const char* const twice = "id\tlabel\tid\nq7\tx\tr7\nq3\ty\tr3\n";
  EXPECT_EQ(figure(score(write("classification", ".tsv", twice, "prediction\tsure\nx\t1\ny\t1\n")), "accuracy"), 1);
  EXPECT_EQ(
      figure(score(write("classification", ".jsonl", "{\"id\": 7, \"label\": \"x\"}\n{\"id\": 3, \"label\": \"y\"}\n",
                         "{\"id\": 3.0, \"prediction\": \"y\"}\n{\"id\": 7.0, \"prediction\": \"x\"}\n")),
             "accuracy"),
      1)
      << "as a program writes the numbers of a column with gaps";
}

TEST_F(Score, OnesOwnRowsThatCannotBeMatchedAreRefused) {
  const auto refusal = [&](const char* gold, const char* predictions) {
    return testing::refusal<DataError>([&] { score(write("classification", ".tsv", gold, predictions)); });
  };
  const char* const gold = "text\tlabel\nA\tx\nB\ty\n";
  EXPECT_THAT(refusal(gold, "id\tprediction\nq7\tx\nq3\ty\n"),
              HasSubstr("none for the index 1; its rows have no 'id', so they are known by their numbers"));
  EXPECT_THAT(refusal(gold, "index\tprediction\n0\tx\n0\ty\n"), HasSubstr("the index 0 was predicted before"));
  const char* const known = "id\ttext\tlabel\nq7\tA\tx\nq3\tB\ty\n";
  EXPECT_THAT(refusal(known, "id\tprediction\nq7\tx\nq4\ty\n"), HasSubstr("none for the index q3"));
  EXPECT_THAT(refusal(known, "prediction\tsure\nx\t0.5\ny\t0.9\n"), HasSubstr("its rows have no index, and those of"));
  EXPECT_THAT(refusal(known, "id\tprediction\n0\tx\n1\ty\n"), HasSubstr("'id' differs"));
}

TEST_F(Score, ListsOfLabels) {
  const ScoreRequest request =
      write("multilabel", ".jsonl", "{\"label\": [\"a\", \"b\"]}\n{\"label\": []}\n{\"label\": [\"c\"]}\n",
            "{\"prediction\": [\"b\", \"a\"]}\n{\"prediction\": [\"c\"]}\n{\"prediction\": []}\n");
  const metrics::Report report = score(request);
  EXPECT_DOUBLE_EQ(figure(report, "accuracy"), 1.0 / 3);
  EXPECT_DOUBLE_EQ(figure(report, "micro_f1"), 2 * 2.0 / (3 + 3));
}

TEST_F(Score, LabelsInColumnsOfTheirOwn) {
  ScoreRequest request =
      write("multilabel", ".tsv", "a\tb\tc\n1\t0\t0\n1\t1\t0\n", "prediction\tother\na\tx\na,b\tx\n");
  request.settings = {"task.text.label=[a,b,c]"};
  const metrics::Report report = score(request);
  EXPECT_EQ(figure(report, "accuracy"), 1);
  EXPECT_DOUBLE_EQ(figure(report, "macro_f1"), 2.0 / 3);  // c is a label too
  testing::write_file(request.files.gold, "a\tb\tc\n1\t0\t0\n1\tx\t0\n");
  EXPECT_THAT([&] { score(request); },
              ThrowsMessage<DataError>(HasSubstr("gold.tsv:3: expected 0 or 1 in the column of the label 'b'")));
}

TEST_F(Score, UnseenGoldLabelsCountAsWrongUnlessTheyAreRefused) {
  const testing::LogCapture log;
  ScoreRequest request = write("rte", ".tsv", "sentence1\tsentence2\tlabel\na\tb\tentailment\nc\td\tnone\n",
                               "index\tprediction\n0\tentailment\n1\tentailment\n");
  EXPECT_EQ(figure(score(request), "accuracy"), 0.5);
  EXPECT_THAT(log.text(),
              HasSubstr("1 of 2 labels were never seen in training and count as wrong: 'none' (1 time, first in line"));
  request.settings = {"task.unseen_labels=refuse"};
  EXPECT_THAT([&] { score(request); },
              ThrowsMessage<DataError>(HasSubstr("gold.tsv:3: the label 'none' is none of the 2")));
}

TEST_F(Score, TheClassesOfARunAreThoseOfItsModel) {
  const testing::LogCapture log;
  const std::filesystem::path run = folder_ / "run";
  TaskDefinition definition{.config = TaskConfig(text_type()), .labels = {"0", "1"}};
  std::filesystem::create_directories(run / "checkpoints" / "latest");
  testing::write_file(run / "run.yaml", "task: {kind: text, text: {threshold: search}}\n");
  testing::write_file(run / "checkpoints" / "latest" / "config.json", definition_to_json(definition));
  const ScoreRequest request =
      write(run.string(), ".tsv", "sentence\tlabel\na\t1\nb\t0\nc\t7\n", "prediction\n1\n0\n1\n");
  EXPECT_NEAR(figure(score(request), "accuracy"), 2.0 / 3, 1e-12);
  EXPECT_THAT(log.text(), HasSubstr("1 of 3 labels were never seen in training and count as wrong: '7'"));
}

TEST_F(Score, UnknownTasksAndOptionsWithoutEffectAreMistakesOfUse) {
  ScoreRequest request = write("cola", ".tsv", "", "");
  request.files.null_odds = folder_ / "odds.json";
  EXPECT_THAT([&] { score(request); }, ThrowsMessage<UsageError>(HasSubstr("--null-odds has no effect on cola")));
  request.files.null_odds.reset();
  request.settings = {"task.text.label=[2]"};
  EXPECT_THAT([&] { score(request); }, ThrowsMessage<UsageError>(HasSubstr("--set has no effect on cola")));
  request.task = "race";
  request.settings = {"task.unseen_labels=refuse"};
  EXPECT_THAT([&] { score(request); }, ThrowsMessage<UsageError>(HasSubstr("--set has no effect on race")));
  request.task = "multilabel";
  request.settings = {"task.text.threshold=0.3"};
  EXPECT_THAT([&] { score(request); }, ThrowsMessage<UsageError>(HasSubstr("task.text.threshold")));
  request.task = "squad";
  EXPECT_THAT([&] { score(request); }, ThrowsMessage<UsageError>(HasSubstr("is it 'squad1' or 'squad2'?")));
}

TEST_F(Score, RelationsOfTheScorersFiles) {
  const std::string gold = "1\tCause-Effect(e1,e2)\n2\tOther\n";
  EXPECT_DOUBLE_EQ(figure(score(write("semeval2010", ".txt", gold, "2\tOther\n1\tCause-Effect(e2,e1)\n")), "accuracy"),
                   0.5);
  const ScoreRequest unknown = write("semeval2010", ".txt", gold, "1\tCause-Efect(e1,e2)\n2\tOther\n");
  EXPECT_THAT([&] { score(unknown); }, ThrowsMessage<DataError>(HasSubstr("1: expected a relation")));
}

const char* const kSquad = R"({"data": [{"paragraphs": [{"context": "Rome is the capital of Italy.", "qas": [
  {"id": "q1", "question": "What is the capital?", "answers": [{"text": "Rome", "answer_start": 0}]},
  {"id": "q2", "question": "Of what?", "answers": [{"text": "Italy", "answer_start": 23}]}]}]}]})";

TEST_F(Score, Squad1CountsAMissingAnswerAsWrongAndSaysSo) {
  const ScoreRequest request = write("squad1", ".json", kSquad, R"({"q1": "the rome", "q9": "x"})");
  const testing::LogCapture log;
  EXPECT_EQ(figure(score(request), "exact_match"), 50);
  EXPECT_THAT(log.text(), AllOf(HasSubstr("no prediction for 1 of 2 questions, the first is q2"),
                                HasSubstr("1 prediction of no question")));
}

TEST_F(Score, Squad2NeedsEveryAnswer) {
  const ScoreRequest request = write("squad2", ".json", kSquad, R"({"q1": "Rome"})");
  EXPECT_THAT([&] { score(request); },
              ThrowsMessage<DataError>(HasSubstr("found none for 1 of them; the first is q2")));
}

TEST_F(Score, PredictionsOfAnotherFileAreRefused) {
  const ScoreRequest request = write("squad1", ".json", kSquad, R"({"a": "x", "b": "y"})");
  EXPECT_THAT([&] { score(request); },
              ThrowsMessage<DataError>(HasSubstr("none of its 2 predictions is of a question of")));
}

TEST_F(Score, Squad2WithOdds) {
  ScoreRequest request = write("squad2", ".json",
                               R"({"data": [{"paragraphs": [{"context": "Rome is the capital.", "qas": [
  {"id": "q1", "question": "What is the capital?", "answers": [{"text": "Rome", "answer_start": 0}]},
  {"id": "q2", "question": "Of what?", "answers": [], "is_impossible": true}]}]}]})",
                               R"({"q1": "Rome", "q2": "capital"})");
  EXPECT_EQ(figure(score(request), "exact_match"), 50);
  EXPECT_EQ(figure(score(request), "no_answer_f1"), 0);
  request.files.null_odds = folder_ / "odds.json";
  testing::write_file(*request.files.null_odds, R"({"q2": 0.5, "q1": -3})");
  EXPECT_EQ(figure(score(request), "best_f1"), 100);
  EXPECT_EQ(figure(score(request), "best_f1_threshold"), -3);
  request.files.null_threshold = 0;
  EXPECT_EQ(figure(score(request), "exact_match"), 100);
  testing::write_file(*request.files.null_odds, R"({"q2": 0.5})");
  EXPECT_THAT([&] { score(request); }, ThrowsMessage<DataError>(HasSubstr("the first is q1")));
}

TEST_F(Score, Squad1HasNoUnanswerableQuestions) {
  const ScoreRequest request =
      write("squad1", ".json",
            R"({"data": [{"paragraphs": [{"context": "c", "qas": [{"id": "q", "question": "w", "answers": []}]}]}]})",
            R"({"q": ""})");
  EXPECT_THAT([&] { score(request); },
              ThrowsMessage<DataError>(AllOf(HasSubstr("question q"), HasSubstr("as squad2"))));
}

TEST_F(Score, AFirstRowThatMayNameTheColumnsIsAskedAbout) {
  ScoreRequest request = write("classification", ".tsv", "label\nx\ny\nx\ny\n", "prediction\nx\ny\nx\nx\n");
  request.settings = {"task.text.text=2", "task.text.label=[1]"};
  request.files.column = "1";
  EXPECT_THAT([&] { score(request); }, ThrowsMessage<DataError>(HasSubstr("gold.tsv:1")));
  request.settings.emplace_back("task.text.header=present");
  EXPECT_EQ(figure(score(request), "accuracy"), 0.75);
}

TEST_F(Score, AColumnThatIsThereTwiceIsRefused) {
  const ScoreRequest request = write("classification", ".tsv", "label\nx\ny\n", "prediction\tprediction\nx\ty\ny\ty\n");
  EXPECT_THAT([&] { score(request); }, ThrowsMessage<DataError>(HasSubstr("several columns 'prediction'")));
}

TEST_F(Score, TheGoldFileMayBeInAnotherEncoding) {
  ScoreRequest request = write("classification", ".tsv", "label\n\xfc\no\n", "prediction\n\xc3\xbc\no\n");
  request.settings = {"task.text.encoding=iso-8859-1"};
  EXPECT_EQ(figure(score(request), "accuracy"), 1);
}

/// Rows as `evaluate` writes them.
TEST_F(Score, PredictionsOfATableWithoutNamesStandBehindItsRows) {
  ScoreRequest request = write("classification", ".tsv", "spam\ta\nham\tb\nham\tc\n",
                               "spam\ta\tspam\t0.1\t0.9\nham\tb\tham\t0.8\t0.2\nham\tc\tspam\t0.3\t0.7\n");
  request.settings = {"task.text.label=[1]", "task.text.text=2", "task.text.header=absent"};
  EXPECT_DOUBLE_EQ(figure(score(request), "accuracy"), 2.0 / 3);
  testing::write_file(request.files.predictions, "spam\ta\tspam\nham\tc\tham\nham\tb\tspam\n");
  EXPECT_THAT([&] { score(request); },
              ThrowsMessage<DataError>(AllOf(HasSubstr("predictions.tsv:2: expected the row of"),
                                             HasSubstr("gold.tsv:2 with a prediction"), HasSubstr("--prediction"))));
}

TEST_F(Score, ALabelBeforeEachText) {
  ScoreRequest request = write("classification", ".txt", "A:b What\tis \xe9?\nB:c Who?\n",
                               "A:b What\tis \xc3\xa9?\tA:b\t0.9\t0.1\nB:c Who?\tA:b\t0.6\t0.4\n");
  request.settings = {"task.text.format=label_text", "task.text.encoding=iso-8859-1"};
  EXPECT_EQ(figure(score(request), "accuracy"), 0.5);
  request.files.column = "1";
  testing::write_file(request.files.predictions, "A:b\nB:c\n");
  EXPECT_EQ(figure(score(request), "accuracy"), 1);
}

TEST_F(Score, QuotedFieldsMayHoldTabs) {
  ScoreRequest request = write("classification", ".tsv", "text\tlabel\n\"a\tb\"\tx\n\"c\nd\"\ty\n",
                               "text\tlabel\tprediction\n\"a\tb\"\tx\tx\n\"c\nd\"\ty\tx\n");
  EXPECT_THAT([&] { score(request); }, ThrowsMessage<DataError>(HasSubstr("tsv_quoted")));
  request.settings = {"task.text.format=tsv_quoted"};
  EXPECT_EQ(figure(score(request), "accuracy"), 0.5);
}

TEST_F(Score, PredictionsThatRepeatTheGoldRowsAreInItsFormatWhateverTheirName) {
  ScoreRequest request = write("classification", ".csv", "text,label\n\"a, b\",x\nc,y\n", "");
  request.files.predictions = folder_ / "out.tsv";
  testing::write_file(request.files.predictions, "text,label,prediction\n\"a, b\",x,x\nc,y,x\n");
  EXPECT_EQ(figure(score(request), "accuracy"), 0.5);
  testing::write_file(request.files.predictions, "id\tprediction\n1\tx\n2\ty\n");
  EXPECT_EQ(figure(score(request), "accuracy"), 1);
}

TEST_F(Score, PredictionsOfOtherRowsAreRefused) {
  const ScoreRequest table =
      write("classification", ".tsv", "text\tlabel\na\tx\nb\ty\n", "text\tlabel\tprediction\nb\ty\ty\na\tx\tx\n");
  EXPECT_THAT([&] { score(table); }, ThrowsMessage<DataError>(HasSubstr("predictions.tsv:2: expected the row of")));
  ScoreRequest objects = write("classification", ".jsonl", "{\"text\": \"a\", \"label\": \"x\"}\n",
                               "{\"text\": \"b\", \"prediction\": \"x\"}\n");
  EXPECT_THAT([&] { score(objects); }, ThrowsMessage<DataError>(HasSubstr("predictions.jsonl:1: expected the row of")));
}

TEST_F(Score, LabelsArePutTogetherAndTakenApartByTheirSeparator) {
  ScoreRequest request = write("multilabel", ".tsv", "text\tlabel\na\tx, y;z\nb\tz\n",
                               "text\tlabel\tprediction\tprobability_x, y\tprobability_z\tprobability_w\n"
                               "a\tx, y;z\tx, y;z\t0.9\t0.9\t0.1\nb\tz\tx, y\t0.8\t0.1\t0.1\n");
  request.settings = {"task.text.label_separator=;"};
  const metrics::Report report = score(request);
  EXPECT_EQ(figure(report, "accuracy"), 0.5);
  EXPECT_DOUBLE_EQ(figure(report, "macro_f1"), (2.0 / 3 + 2.0 / 3 + 0) / 3);  // w is a label of the model
  request.settings = {"task.text.label_separator="};  // each column holds one label, predictions have commas
  EXPECT_THAT([&] { score(request); },
              ThrowsMessage<DataError>(AllOf(HasSubstr("the label 'x, y' holds ','"), HasSubstr("label_separator"))));
}

TEST_F(Score, ColumnsOfLabelsMayHoldFractions) {
  ScoreRequest request = write("multilabel", ".csv", "text,a,b\ns,1.0,0.0\nt,0.0,true\n",
                               "text,a,b,prediction\ns,1.0,0.0,a\nt,0.0,true,\"a,b\"\n");
  request.settings = {"task.text.label=[a,b]"};
  EXPECT_EQ(figure(score(request), "accuracy"), 0.5);
}

TEST_F(Score, PairsOfTheEmbeddingRecipeAreThoseOfStsB) {
  const std::string stsb = "index\tsentence1\tsentence2\tscore\n0\tA\tB\t1.0\n1\tC\tD\t5.0\n2\tE\tF\t2.5\n";
  EXPECT_DOUBLE_EQ(
      figure(score(write("embedding", ".tsv", stsb, "index\tprediction\n0\t0.1\n1\t0.9\n2\t0.2\n")), "spearman"), 1);
  ScoreRequest own = write("embedding", ".tsv", "text\tsecond_text\tkin\na\tb\tyes\nc\td\tno\ne\tf\tmaybe\n",
                           "prediction\n0.9\n0.2\n0.1\n");
  own.settings = {"task.embedding.layout=own", "task.embedding.label=kin", "task.embedding.objective=classification",
                  "task.embedding.similar=yes"};
  EXPECT_DOUBLE_EQ(figure(score(own), "spearman"), std::sqrt(0.75));
  own.settings = {"task.embedding.layout=own", "task.embedding.objective=in_batch_negatives"};
  EXPECT_THAT([&] { score(own); }, ThrowsMessage<UsageError>(HasSubstr("in_batch_negatives is judged by")));
}

std::string conllu(const std::string& upos, const std::string& xpos) {
  return "1\tDogs\t_\t" + upos + "\t" + xpos + "\t_\t_\t_\t_\t_\n2\tbark\t_\tVERB\tVBP\t_\t_\t_\t_\t_\n\n";
}

TEST_F(Score, ConlluPredictionsAreInTheColumnOfTheSetting) {
  ScoreRequest request = write("ud_pos", ".conllu", conllu("NOUN", "NNS"), conllu("NOUN", "NNP"));
  EXPECT_THAT([&] { score(request); }, ThrowsMessage<DataError>(AllOf(HasSubstr("UPOS tags are all those of"),
                                                                      HasSubstr("--set task.tokens.conllu_tag=xpos"))));
  request.settings = {"task.tokens.conllu_tag=xpos"};
  EXPECT_EQ(figure(score(request), "accuracy"), 0.5);
  testing::write_file(request.files.predictions, conllu("ADJ", "NNS"));
  EXPECT_THAT([&] { score(request); }, ThrowsMessage<DataError>(HasSubstr("conllu_tag=upos")));
}

TEST_F(Score, TagsAreOfTheColumnOfTheSettingAndOfAScheme) {
  const std::string gold = "Rome B-LOC NNP\nfell O VBD\n";
  ScoreRequest request = write("conll", ".conll", gold, "Rome B-LOC NNP B-LOC\nfell O VBD B-LOC\n");
  EXPECT_THAT([&] { score(request); }, ThrowsMessage<DataError>(AllOf(HasSubstr("gold.conll:1: the tag 'NNP'"),
                                                                      HasSubstr("task.tokens.tag_column"))));
  request.settings = {"task.tokens.tag_column=2"};
  EXPECT_DOUBLE_EQ(figure(score(request), "f1"), 2.0 / 3);
  testing::write_file(request.files.predictions, "Rome B-LOC NNP B-LOC\nfell O VBD VERB\n");
  EXPECT_THAT([&] { score(request); }, ThrowsMessage<DataError>(HasSubstr("predictions.conll:2: the tag 'VERB'")));
  request.settings.emplace_back("task.tokens.score=tags");
  EXPECT_EQ(figure(score(request), "accuracy"), 0.5);
}

}  // namespace
}  // namespace albert::tasks
