#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "text_tasks.h"

namespace albert::tasks {
namespace {

using ::testing::HasSubstr;

class TextAnswersTest : public ::testing::Test {
 protected:
  /// Reads a file as a test set, with scores for each of its rows.
  std::unique_ptr<DataSet> scored(const TextSettings& settings, std::vector<std::string> labels,
                                  const std::string& name, std::string_view content,
                                  const std::vector<std::vector<float>>& scores) {
    testing::write_file(folder_ / name, content);
    task_ = make_text_task(settings, std::move(labels));
    auto data = task_->read(folder_ / name, Part::kTest);
    for (std::size_t i = scores.size(); i-- > 0;) data->take_scores(i, scores[i]);  // any order will do
    return data;
  }

  std::string predictions(const DataSet& data) {
    data.write_predictions(folder_ / "out");
    return read_file(folder_ / "out");
  }

  testing::TemporaryFolder folder_;
  std::unique_ptr<Task> task_;
};

const float kLog3 = std::log(3.F);  // against 0 a probability of 3/4

TEST_F(TextAnswersTest, JudgesClassesByTheirLargestScore) {
  const auto data =
      scored({}, {"a", "b"}, "test.tsv", "text\tlabel\n5\ta\n6\tb\n7\tb\n8\tb\n", {{1, 0}, {0, 1}, {2, 1}, {-2, -1}});
  const Judgement judgement = data->judge();
  EXPECT_EQ(metrics::find(judgement.figures, "accuracy"), 0.75);
  EXPECT_DOUBLE_EQ(*metrics::find(judgement.figures, "f1"), 0.8);
  EXPECT_THAT(judgement.table, HasSubstr("a"));
  EXPECT_THAT(judgement.json, HasSubstr("confusion_matrix"));
}

TEST_F(TextAnswersTest, JudgesSetsOfLabelsByTheThreshold) {
  TextSettings settings = with_output(TextOutput::kMultilabel);
  settings.label_separator = ",";
  settings.threshold = {.numbers = {0.7}};
  const auto data = scored(settings, {"x", "y"}, "test.tsv", "text\tlabel\n5\tx,y\n6\ty\n", {{kLog3, 0}, {-1, kLog3}});
  const Judgement judgement = data->judge();
  EXPECT_EQ(metrics::find(judgement.figures, "accuracy"), 0.5);
  EXPECT_DOUBLE_EQ(*metrics::find(judgement.figures, "micro_f1"), 0.8);
}

TEST_F(TextAnswersTest, OlderPredictionsAreFoundBeforeThereAreNewOnes) {
  const auto refused = [&](const std::string& name, std::string_view content) {
    const auto data = scored({}, {"a", "b"}, name, content, {});
    return testing::refusal<DataError>([&] { data->prediction_files("out"); });
  };
  EXPECT_THAT(refused("test.tsv", "text\tlabel\tprediction\n5\ta\tb\n"), HasSubstr("a column 'prediction' already"));
  EXPECT_THAT(refused("test.csv", "text,\"probability_b\"\n5,6\n"), HasSubstr("a column 'probability_b' already"));
  EXPECT_THAT(refused("test.jsonl", "{\"text\": \"5\"}\n{\"text\": \"6\", \"probabilities\": {}}\n"),
              HasSubstr("test.jsonl:2: there is a member 'probabilities' already"));
  EXPECT_EQ(scored({}, {"a", "b"}, "test.tsv", "text\n5\n", {})->prediction_files("out"), std::vector<fs::path>{"out"});
}

TEST_F(TextAnswersTest, JudgesNumbersByTheirCorrelation) {
  const auto data = scored(with_output(TextOutput::kRegression), {}, "test.tsv", "text\tlabel\n5\t1\n6\t2\n7\t3\n",
                           {{0.5F}, {1.5F}, {1.F}});
  const Judgement judgement = data->judge();
  EXPECT_DOUBLE_EQ(*metrics::find(judgement.figures, "pearson"), 0.5);
  EXPECT_DOUBLE_EQ(*metrics::find(judgement.figures, "spearman"), 0.5);
}

TEST_F(TextAnswersTest, AddsColumnsToATable) {
  EXPECT_EQ(predictions(*scored({}, {"a", "b"}, "test.tsv", "text\tmore\n\"5\tx\n", {{0, kLog3}})),
            "text\tmore\tprediction\tprobability_a\tprobability_b\n\"5\tx\tb\t0.25\t0.75\n");
  EXPECT_EQ(predictions(*scored({}, {"a", "b,c"}, "test.csv", "text,more\r\n\"5,\n6\",x\r\n", {{0, kLog3}})),
            "text,more,prediction,probability_a,\"probability_b,c\"\n\"5,\n6\",x,\"b,c\",0.25,0.75\n");
}

TEST_F(TextAnswersTest, AddsColumnsToATableWithoutAHeader) {
  TextSettings settings;
  settings.text = "2";
  settings.label = {"1"};
  EXPECT_EQ(predictions(*scored(settings, {"a", "b"}, "test.tsv", "a\t5\nb\t6\n", {{kLog3, 0}, {0, kLog3}})),
            "a\t5\ta\t0.75\t0.25\nb\t6\tb\t0.25\t0.75\n");
}

TEST_F(TextAnswersTest, AddsMembersToObjects) {
  EXPECT_EQ(predictions(*scored({}, {"a", "b"}, "test.jsonl", "{\"text\": \"5 é\", \"n\": 1}\n", {{0, kLog3}})),
            "{\"text\": \"5 é\",\"n\": 1,\"prediction\":\"b\",\"probabilities\":{\"a\":0.25,\"b\":0.75}}\n");
  TextSettings settings = with_output(TextOutput::kMultilabel);
  EXPECT_EQ(predictions(*scored(settings, {"a", "b"}, "test.jsonl", "{\"text\": \"5\"}\n", {{-1, kLog3}})),
            "{\"text\": \"5\",\"prediction\":[\"b\"],\"probabilities\":{\"a\":0.26894143,\"b\":0.75}}\n");
  EXPECT_EQ(
      predictions(*scored(with_output(TextOutput::kRegression), {}, "test.jsonl", "{\"text\": \"5\"}\n", {{2.5F}})),
      "{\"text\": \"5\",\"prediction\":2.5}\n");
}

TEST_F(TextAnswersTest, WrittenNumbersAreScoredAsTheyWereJudged) {
  const TextSettings settings = with_output(TextOutput::kRegression);
  const std::vector<std::vector<float>> scores = {{7.1F}, {1e-7F}, {-1.F / 3}, {7.1000004F}};
  const std::pair<const char*, const char*> files[] = {
      {"test.tsv", "text\tlabel\n5\t1\n6\t2\n7\t3\n8\t4\n"},
      {"test.jsonl",
       "{\"text\": \"5\", \"label\": 1}\n{\"text\": \"6\", \"label\": 2}\n"
       "{\"text\": \"7\", \"label\": 3}\n{\"text\": \"8\", \"label\": 4}\n"}};
  for (const auto& [name, content] : files) {
    const auto data = scored(settings, {}, name, content, scores);
    EXPECT_THAT(predictions(*data), HasSubstr("7.1000004"));
    EXPECT_EQ(task_->score({.gold = folder_ / name, .predictions = folder_ / "out"}).figures, data->judge().figures);
  }
}

TEST_F(TextAnswersTest, WritesWhatTheLeaderboardOfGlueTakes) {
  EXPECT_EQ(predictions(*scored(of_glue(GlueTask::kRte), {}, "test.tsv",
                                "index\tsentence1\tsentence2\n0\t5\t6\n1\t7\t8\n", {{1, 0}, {0, 1}})),
            "index\tprediction\n0\tentailment\n1\tnot_entailment\n");
  EXPECT_EQ(predictions(*scored(of_glue(GlueTask::kStsb), {}, "test.tsv",
                                "index\tsentence1\tsentence2\n0\t5\t6\n1\t7\t8\n", {{5.2F}, {3.14159F}})),
            "index\tprediction\n0\t5.000\n1\t3.142\n");
}

TEST_F(TextAnswersTest, MissingScoresAreNoPredictions) {
  const auto data = scored({}, {"a", "b"}, "test.tsv", "text\tlabel\n5\ta\n6\tb\n", {{1, 0}});
  EXPECT_THROW(data->judge(), InternalError);
  EXPECT_THROW(predictions(*data), InternalError);
  EXPECT_THROW(data->take_scores(1, std::vector<float>{1}), InternalError);
}

}  // namespace
}  // namespace albert::tasks
