#include "tasks/fitting.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/log_capture.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "tasks/definition_json.h"
#include "text/text_tasks.h"

namespace albert::tasks {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

const config::WordOrNumbers kSearched{.word = std::string(kSearch)};

class FittingTest : public ::testing::Test {
 protected:
  struct Case {
    TextOutput output = TextOutput::kClassification;
    std::vector<std::string> labels = {"no", "yes"};
    config::WordOrNumbers threshold = {.numbers = {0.5}};
    config::WordOrNumbers temperature = {.numbers = {1}};
    std::string metric = "f1";
  };

  static std::unique_ptr<Task> open(const Case& c) {
    TaskDefinition definition{.config = TaskConfig(text_type()), .labels = c.labels};
    definition.config.temperature = c.temperature;
    definition.config.metric = c.metric;
    definition.config.as<TextSettings>().output = c.output;
    definition.config.as<TextSettings>().label_separator = ",";
    definition.config.as<TextSettings>().threshold = c.threshold;
    return make_task(definition, std::make_shared<testing::FakeTokenizer>());
  }

  /// The rows of a development file with their scores.
  std::unique_ptr<DataSet> scored(const Task& task, const std::string& rows,
                                  const std::vector<std::vector<float>>& scores) const {
    testing::write_file(folder_ / "dev.tsv", "text\tlabel\n" + rows);
    auto data = task.read(folder_ / "dev.tsv", Part::kDevelopment);
    for (std::size_t i = 0; i < scores.size(); ++i) data->take_scores(i, scores[i]);
    return data;
  }

  testing::TemporaryFolder folder_;
};

double figure(const Judgement& judgement, std::string_view name) {
  return metrics::find(judgement.figures, name).value();
}

double calibration_error(const DataSet& data, const TaskDefinition& definition) {
  return data.calibration(definition).expected_error().value();
}

const TextSettings& text_settings(const TaskDefinition& definition) {
  return definition.config.as<TextSettings>();
}

TEST_F(FittingTest, AThresholdOfTwoClassesIsStoredAndUsed) {
  const std::string rows = "5\tyes\n6\tyes\n7\tno\n8\tno\n";
  const std::vector<std::vector<float>> scores = {{0, 1}, {1, 0}, {2, 0}, {3, 0}};
  const auto task = open({.threshold = kSearched});
  const auto data = scored(*task, rows, scores);
  EXPECT_DOUBLE_EQ(figure(data->judge(), "f1"), 2 / 3.0) << "before it is found it is 0.5";
  const auto fitted = data->fitted();
  ASSERT_TRUE(fitted);
  const double between = (1 / (1 + std::exp(1.0)) + 1 / (1 + std::exp(2.0))) / 2;
  EXPECT_THAT(text_settings(*fitted).threshold.numbers, ElementsAre(::testing::DoubleNear(between, 1e-7)));
  EXPECT_EQ(figure(data->judge(*fitted), "f1"), 1);

  const auto stored = definition_from_json(definition_to_json(*fitted), "config.json", 512);
  const auto used = make_task(stored->definition, std::make_shared<testing::FakeTokenizer>());
  const auto again = scored(*used, rows, scores);
  EXPECT_EQ(figure(again->judge(), "f1"), 1);
  EXPECT_EQ(again->fitted(), std::nullopt) << "nothing is left to be found";
  EXPECT_EQ(describe_decision(stored->definition.config), fmt::format("task.text.threshold {:.6g}", between));
  EXPECT_EQ(describe_decision(task->definition().config), "") << "before it is found";
  const auto changed = with_settings(*stored, {"task.text.threshold=0.5"});
  EXPECT_THAT(text_settings(changed.definition).threshold.numbers, ElementsAre(0.5));
  for (const char* of_training :
       {"task.text.threshold=search", "task.temperature=fit", "task.class_weights=balanced"}) {
    EXPECT_THROW(with_settings(*stored, {of_training}), UsageError) << of_training;
  }
}

TEST_F(FittingTest, LabelsHaveOneThresholdOrOneEach) {
  const std::string rows = "5\ta\n6\ta,b\n7\tb\n8\t\n";
  // a is right from -1 on, b from 2 on.
  const std::vector<std::vector<float>> scores = {{-1, 1}, {2, 3}, {-2, 2}, {-3, 1}};
  Case c{.output = TextOutput::kMultilabel, .labels = {"a", "b"}, .threshold = kSearched, .metric = "micro_f1"};
  const auto task_of_one = open(c);
  const auto one = scored(*task_of_one, rows, scores);
  EXPECT_THAT(text_settings(*one->fitted()).threshold.numbers, SizeIs(1));
  c.threshold.word = kSearchEach;
  const auto task = open(c);
  const auto each = scored(*task, rows, scores);
  const auto fitted = each->fitted();
  EXPECT_THAT(text_settings(*fitted).threshold.numbers, SizeIs(2));
  EXPECT_EQ(figure(each->judge(*fitted), "accuracy"), 1);
}

TEST_F(FittingTest, ATemperatureChangesProbabilitiesOnly) {
  const auto task = open({.temperature = {.word = std::string(kFit)}, .metric = "accuracy"});
  // Of four answers that are sure of 0.9997 one is wrong: their probability should be 0.75, the logistic of log 3.
  const std::string rows = "5\tyes\n6\tyes\n7\tyes\n8\tno\n";
  const auto data = scored(*task, rows, {{0, 8}, {0, 8}, {0, 8}, {0, 8}});
  const auto fitted = data->fitted();
  ASSERT_TRUE(fitted);
  EXPECT_NEAR(fitted->config.temperature.numbers.at(0), 8 / std::log(3.0), 1e-6);
  EXPECT_NEAR(calibration_error(*data, task->definition()), 0.25, 1e-3);
  EXPECT_NEAR(calibration_error(*data, *fitted), 0, 1e-9);
  EXPECT_EQ(figure(data->judge(*fitted), "accuracy"), 0.75);
}

TEST_F(FittingTest, WhereAllIsRightTheTemperatureStaysOne) {
  const auto task = open({.temperature = {.word = std::string(kFit)}});
  const auto data = scored(*task, "5\tyes\n6\tno\n", {{0, 8}, {8, 0}});
  const testing::LogCapture log;
  EXPECT_THAT(data->fitted()->config.temperature.numbers, ElementsAre(1));
  EXPECT_THAT(log.text(), HasSubstr("grows without end"));
}

TEST_F(FittingTest, WhatHasNoEffectIsRefused) {
  const auto refusal = [](const Case& c) { return testing::refusal<UsageError>([&] { open(c); }); };
  EXPECT_THAT(refusal({.labels = {"a", "b", "c"}, .threshold = {.numbers = {0.3}}, .metric = ""}),
              HasSubstr("second of two classes, but there are 3"));
  EXPECT_THAT(refusal({.output = TextOutput::kMultilabel,
                       .labels = {"a", "b", "c"},
                       .threshold = {.numbers = {0.3, 0.4}},
                       .metric = ""}),
              HasSubstr("one for each of the 3 labels, found 2"));
}

}  // namespace
}  // namespace albert::tasks
