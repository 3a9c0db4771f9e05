#include "tasks/text/answer_files.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "base/utf8.h"
#include "support/log_capture.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "text_tasks.h"

namespace albert::tasks {
namespace {

using ::testing::HasSubstr;
using Labels = std::vector<std::string>;

class TextAnswerFiles : public ::testing::Test {
 protected:
  /// Lets a model of these labels answer a labelled file, and expects the written answers to have the same score, also
  /// where the labels are those of the files.
  void expect_same_figures(const TextSettings& settings, const Labels& labels, const std::string& name,
                           std::string_view content, const std::vector<std::vector<float>>& scores) {
    testing::write_file(folder_ / name, content);
    const auto task = make_text_task(settings, labels);
    const auto data = task->read(folder_ / name, Part::kTest);
    for (std::size_t i = 0; i < scores.size(); ++i) data->take_scores(i, scores[i]);
    const fs::path predictions = folder_ / "predictions";
    data->write_predictions(predictions);
    const std::string judged = metrics::to_json(data->judge());
    EXPECT_EQ(metrics::to_json(make_text_task(settings)->score({folder_ / name, predictions})), judged) << name;
    EXPECT_EQ(metrics::to_json(make_text_task(settings, labels)->score({folder_ / name, predictions})), judged) << name;
  }

  std::string refusal(const TextSettings& settings, std::string_view gold, std::string_view predictions) {
    testing::write_file(folder_ / "gold.tsv", gold);
    testing::write_file(folder_ / "predictions.tsv", predictions);
    return testing::refusal<DataError>([&] {
      make_text_task(settings)->score({folder_ / "gold.tsv", folder_ / "predictions.tsv"});
    });
  }

  testing::TemporaryFolder folder_;
};

TEST_F(TextAnswerFiles, OfClassesHaveTheScoreOfTheModel) {
  const std::vector<std::vector<float>> scores = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  expect_same_figures({}, {"b", "a", "c"}, "t.tsv", "text\tlabel\n5\ta\n6\ta\n7\tb\n", scores);
  expect_same_figures({}, {"b", "a", "c"}, "t.csv", "text,label\n\"5,\n6\",a\n6,a\n7,b\n", scores);
  expect_same_figures({}, {"b", "a", "c"}, "t.jsonl",
                      "{\"text\": \"5\", \"label\": \"a\"}\n{\"text\": \"6\", \"label\": \"a\"}\n"
                      "{\"text\": \"7\", \"label\": \"b\"}\n",
                      scores);
  expect_same_figures(
      of_glue(GlueTask::kMnli), {}, "g.tsv",
      "index\tsentence1\tsentence2\tgold_label\n4\t5\t6\tneutral\n9\t5\t6\tneutral\n2\t5\t6\tentailment\n", scores);
}

TEST_F(TextAnswerFiles, OfSetsOfLabelsHaveTheScoreOfTheModel) {
  TextSettings settings = with_output(TextOutput::kMultilabel);
  const std::vector<std::vector<float>> scores = {{1, -1, -1}, {-1, -1, -1}, {1, 1, 1}};
  expect_same_figures(settings, {"b", "a", "c"}, "t.jsonl",
                      "{\"text\": \"5\", \"label\": [\"a\", \"b\"]}\n{\"text\": \"6\", \"label\": []}\n"
                      "{\"text\": \"7\", \"label\": [\"b\"]}\n",
                      scores);
  settings.label_separator = ";";
  expect_same_figures(settings, {"b", "a", "c"}, "t.tsv", "text\tlabel\n5\ta;b\n6\t\n7\tb\n", scores);
  settings.label = {"b", "a", "c"};
  expect_same_figures(settings, {}, "columns.tsv", "text\ta\tb\tc\n5\t1\t1\t0\n6\t0\t0\t0\n7\t0\t1\t0\n", scores);
}

TEST_F(TextAnswerFiles, OfNumbersHaveTheScoreOfTheModel) {
  const std::vector<std::vector<float>> scores = {{0.5F}, {1.5F}, {1.F}};
  expect_same_figures(with_output(TextOutput::kRegression), {}, "t.tsv", "text\tlabel\n5\t0.1\n6\t2\n7\t0.3\n", scores);
  expect_same_figures(of_glue(GlueTask::kStsb), {}, "g.tsv",
                      "index\tsentence1\tsentence2\tscore\n0\t5\t6\t0.1\n1\t5\t6\t2\n2\t5\t6\t0.3\n", scores);
}

TEST_F(TextAnswerFiles, WithoutAHeaderStandBehindTheRows) {
  TextSettings settings;
  settings.text = "2";
  settings.label = {"1"};
  expect_same_figures(settings, {"a", "b"}, "t.tsv", "a\t5\nb\t6\na\t7\nb\t8\n", {{1, 0}, {0, 1}, {0, 1}, {0, 1}});
  EXPECT_THAT(refusal(settings, "a\t5\nb\t6\na\t7\nb\t8\n", "a\t5\ta\nb\t6\tb\na\t9\ta\nb\t8\tb\n"),
              HasSubstr("predictions.tsv:3: expected the row of"));
}

TEST_F(TextAnswerFiles, OfOtherProgramsMayBeBareOrRepeatSomeColumns) {
  const auto accuracy = [&](std::string_view gold, const std::string& name, std::string_view predictions) {
    testing::write_file(folder_ / "gold.jsonl", gold);
    testing::write_file(folder_ / name, predictions);
    return *metrics::find(make_text_task({})->score({folder_ / "gold.jsonl", folder_ / name}).figures, "accuracy");
  };
  const std::string gold =
      "{\"text\": \"5\", \"id\": 1, \"label\": \"a\"}\n{\"text\": \"6\", \"id\": 2, \"label\": \"b\"}\n";
  EXPECT_EQ(accuracy(gold, "p.txt", "a\na\n"), 0.5);
  for (const char* begin : {"", "prediction\n"}) {
    EXPECT_EQ(accuracy(gold, "p.tsv", fmt::format("{}{}a\na\n", kByteOrderMark, begin)), 0.5) << begin;
  }
  EXPECT_EQ(
      accuracy(gold, "p.txt", fmt::format("{}{{\"prediction\": \"a\"}}\n{{\"prediction\": \"a\"}}\n", kByteOrderMark)),
      0.5);
  EXPECT_EQ(accuracy(gold, "p.tsv", "id\tprediction\ttext\n1\ta\t5\n2\tb\t6\n"), 1);
  const testing::LogCapture log;
  EXPECT_EQ(accuracy(gold, "p.txt", "0\n1\n"), 0);
  EXPECT_THAT(log.text(), HasSubstr("no prediction is a label of the gold file: '0', '1' beside 'a', 'b'"));
  EXPECT_EQ(accuracy(gold, "p.tsv", "id\tprediction\n2\tb\n1\ta\n"), 1) << "the ids say which is which";
  EXPECT_THAT(testing::refusal<DataError>([&] { accuracy(gold, "p.tsv", "prediction\ttext\nb\t6\na\t5\n"); }),
              HasSubstr("p.tsv:2: expected the row of"));
}

TEST_F(TextAnswerFiles, WithLabelsThatAreNotKnownAreRefused) {
  EXPECT_THAT(refusal(of_glue(GlueTask::kSst2), "sentence\tlabel\n5\t1\n6\t0\n", "index\tprediction\n0\t1\n1\tx\n"),
              HasSubstr("predictions.tsv:3: expected one of the labels '0', '1', found 'x'"));
  TextSettings named;
  named.all_labels = {"good", "bad"};
  EXPECT_THAT(refusal(named, "text\tlabel\n5\tgood\n6\tbad\n", "prediction\ngood\ngod\n"),
              HasSubstr("predictions.tsv:3: expected one of the labels 'good', 'bad', found 'god'; is it 'good'?"));
  EXPECT_THAT(refusal(named, "text\tlabel\n5\tgood\n6\tbad\n", "prediction\tmore\ngood\t1\n\t1\n"),
              HasSubstr("expected one value, found an empty one; score lists of labels as multilabel"));
  EXPECT_THAT(refusal(with_output(TextOutput::kRegression), "text\tlabel\n5\t1\n6\t2\n", "prediction\n1\ntwo\n"),
              HasSubstr("predictions.tsv:3: expected a number, found 'two'"));
}

}  // namespace
}  // namespace albert::tasks
