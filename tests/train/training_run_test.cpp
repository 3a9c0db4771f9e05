#include "train/training_run.h"

#include <csignal>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/signals.h"
#include "support/alone.h"
#include "support/log_capture.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "train/fake_objective.h"

namespace albert::train {
namespace {

using albert::testing::refusal;
using ::testing::HasSubstr;

TrainingConfig settings(std::int64_t num_steps) {
  TrainingConfig config = testing::small_training(num_steps);
  config.train.micro_batch_size = 3;
  config.evaluate.every = 4;
  config.checkpoint.every = 3;
  return config;
}

/// A run with its task, in a folder.
struct Rig {
  Rig(const fs::path& path, const TrainingConfig& config, RunFolder::Start start, std::string run_yaml = "a: 1\n",
      std::string evaluation_data = "some")
      : task(10, std::move(evaluation_data)),
        opened({.config = {}, .assignments = {}, .run_dir = path, .resume = start == RunFolder::Start::kResume},
               {.line = "albert again", .weights_option = "--init-from", .version = "1"}),
        course(config.train.length()),
        run(opened, task, albert::testing::alone(), config, {.run_yaml = std::move(run_yaml), .course = course},
            [this] { resumed = false; }) {}

  testing::FakeObjective task;
  Run opened;
  bool resumed = true;  ///< false once the run asks for the first weights
  Course course;
  TrainingRun run;
};

TEST(TrainingRun, GoesToTheEndAndKeepsTheBest) {
  const albert::testing::TemporaryFolder folder;
  Rig rig(folder / "run", settings(10), RunFolder::Start::kNew);
  const RunResult result = rig.run.train();
  EXPECT_EQ(result.step, 10);
  EXPECT_EQ(result.signal, 0);
  EXPECT_EQ(rig.task.num_evaluations(), 3);  // after steps 4, 8 and 10
  ASSERT_TRUE(result.best.has_value());
  EXPECT_EQ(fs::read_symlink(folder / "run/checkpoints/latest"), "step-00000010");
  EXPECT_EQ(fs::read_symlink(folder / "run/checkpoints/best"), fmt::format("step-{:08}", result.best->step));
}

TEST(TrainingRun, ResumesFromTheLatestCheckpoint) {
  const albert::testing::TemporaryFolder folder;
  Rig whole(folder / "whole", settings(10), RunFolder::Start::kNew);
  whole.run.train();
  {
    Rig first(folder / "run", settings(10), RunFolder::Start::kNew);
    first.task.poison_after(7);
    EXPECT_THROW(first.run.train(), NumericalError);  // the checkpoint of step 6 is the last one
  }
  Rig second(folder / "run", settings(10), RunFolder::Start::kResume);
  EXPECT_TRUE(second.resumed);
  EXPECT_EQ(second.run.state().step, 6);
  EXPECT_EQ(second.run.train().step, 10);
  EXPECT_TRUE(at::equal(second.task.weight(), whole.task.weight()));
}

TEST(TrainingRun, SavesNothingOnceTheDataIsKnownToBeDamaged) {
  const albert::testing::TemporaryFolder folder;
  Rig rig(folder / "run", settings(10), RunFolder::Start::kNew);
  rig.task.damage_after(10);
  EXPECT_THROW(rig.run.train(), DataError);
  EXPECT_EQ(fs::read_symlink(folder / "run/checkpoints/latest"), "step-00000009");
}

TEST(TrainingRun, WhatWasTheBestByOtherDataCountsNoLonger) {
  const albert::testing::TemporaryFolder folder;
  TrainingConfig config = settings(10);
  config.optimizer.learning_rate = 0;  // all evaluations are equal, and the first would stay the best
  config.evaluate.every = 4;
  Rig(folder / "run", config, RunFolder::Start::kNew).run.train();
  config.train.steps = 20;
  {
    Rig same(folder / "run", config, RunFolder::Start::kResume);
    EXPECT_TRUE(same.run.state().best);
  }
  const albert::testing::LogCapture log;
  Rig other(folder / "run", config, RunFolder::Start::kResume, "a: 1\n", "other");
  EXPECT_FALSE(other.run.state().best);
  EXPECT_THAT(log.text(), HasSubstr("changed: the data for evaluation: step 10 was the best so far"));
  EXPECT_EQ(other.run.train().best->since, 12);
}

TEST(TrainingRun, SavesWithEveryEvaluationWhereItIsToldTo) {
  const albert::testing::TemporaryFolder folder;
  TrainingConfig config = settings(10);
  config.optimizer.learning_rate = 0;  // all evaluations are equal
  config.checkpoint.every = checkpoint::CheckpointConfig::kWithEvaluations;
  {
    Rig first(folder / "run", config, RunFolder::Start::kNew);
    first.task.poison_after(9);
    EXPECT_THROW(first.run.train(), NumericalError);
  }
  Rig second(folder / "run", config, RunFolder::Start::kResume);
  EXPECT_TRUE(second.resumed);
  EXPECT_EQ(second.run.state().step, 8);
  EXPECT_EQ(fs::read_symlink(folder / "run/checkpoints/best"), "step-00000008");
}

TEST(TrainingRun, PatienceEndsARunWhoseEvaluationsAreAllEqual) {
  const albert::testing::TemporaryFolder folder;
  TrainingConfig config = settings(100);
  config.optimizer.learning_rate = 0;
  config.evaluate.patience = 2;
  Rig rig(folder / "run", config, RunFolder::Start::kNew);
  EXPECT_EQ(rig.run.train().step, 12);
}

/// The content of every file that people and programs read of a run, by name.
std::map<std::string, std::string> records_of(const fs::path& run) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(run)) {
    const std::string name = entry.path().lexically_relative(run).string();
    if (entry.is_regular_file() && name != ".lock") files[name] = read_file(entry.path());
  }
  return files;
}

TEST(TrainingRun, AResumeThatDoesNothingChangesNothing) {
  const albert::testing::TemporaryFolder folder;
  Rig(folder / "run", settings(4), RunFolder::Start::kNew).run.train();
  const auto before = records_of(folder / "run");
  Rig again(folder / "run", settings(3), RunFolder::Start::kResume, "a: 1\nlog: {every: 2}\n");
  EXPECT_EQ(again.run.train().step, 4);
  EXPECT_EQ(records_of(folder / "run"), before);
}

TEST(TrainingRun, EverySittingThatRecordsSomethingHasItsTensorBoardFile) {
  const albert::testing::TemporaryFolder folder;
  for (const std::int64_t num_steps : {2, 4, 4}) {
    Rig rig(folder / "run", settings(num_steps), RunFolder::Start::kResume);
    rig.run.train();
  }
  int num_files = 0;
  std::string events;
  for (const auto& entry : fs::directory_iterator(folder / "run/tensorboard")) {
    ++num_files;
    events += read_file(entry.path());
  }
  EXPECT_EQ(num_files, 2);
  const std::string tag = "train/loss";
  int num_losses = 0;
  for (std::size_t at = events.find(tag); at != std::string::npos; at = events.find(tag, at + 1)) ++num_losses;
  EXPECT_EQ(num_losses, 4);
}

TEST(TrainingRun, AStartThatFailsLeavesNothing) {
  const albert::testing::TemporaryFolder folder;
  {
    Rig rig(folder / "runs/a", settings(4), RunFolder::Start::kNew);
    rig.task.poison();
    EXPECT_THROW(rig.run.train(), NumericalError);
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(TrainingRun, AnUndefinedMetricIsToldOnce) {
  const albert::testing::TemporaryFolder folder;
  TrainingConfig config = settings(10);
  config.evaluate.patience = 1;
  const albert::testing::LogCapture log;
  Rig rig(folder / "run", config, RunFolder::Start::kNew);
  rig.task.leave_metric_undefined("all gold values are equal");
  const RunResult result = rig.run.train();
  EXPECT_EQ(result.step, 10);
  EXPECT_FALSE(result.best.has_value());
  const std::string warning = "the evaluation has no accuracy, by which models are compared";
  EXPECT_THAT(log.text(), ::testing::AllOf(HasSubstr(warning), HasSubstr("all gold values are equal"),
                                           HasSubstr("and evaluate.patience does not end the run")));
  EXPECT_EQ(log.text().find(warning), log.text().rfind(warning));
}

TEST(TrainingRun, WithoutACheckpointThereIsNothingToResume) {
  const albert::testing::TemporaryFolder folder;
  Rig rig(folder / "run", settings(1), RunFolder::Start::kResume);
  EXPECT_FALSE(rig.resumed);
  EXPECT_EQ(rig.run.state().step, 0);
}

TEST(TrainingRun, RefusesToResumeWithOtherSettingsOrData) {
  const albert::testing::TemporaryFolder folder;
  { Rig(folder / "run", settings(3), RunFolder::Start::kNew, "optimizer:\n  name: lamb\n").run.train(); }
  const auto resume = [&] {
    const Rig rig(folder / "run", settings(3), RunFolder::Start::kResume, "optimizer:\n  name: adamw\n");
  };
  EXPECT_THAT(refusal<UsageError>(resume), HasSubstr("optimizer.name: was lamb, now adamw"));
}

TEST(TrainingRun, NamesTheNewestWholeCheckpointWhenTheLossIsNoNumber) {
  const albert::testing::TemporaryFolder folder;
  Rig rig(folder / "run", settings(10), RunFolder::Start::kNew);
  rig.task.poison_after(5);
  rig.task.act_after(5, [&] { fs::resize_file(folder / "run/checkpoints/step-00000004/model.safetensors", 10); });
  EXPECT_THAT(refusal<NumericalError>([&] { rig.run.train(); }),
              ::testing::AllOf(HasSubstr("step 6:"), HasSubstr("--init-from"), HasSubstr("step-00000003"),
                               ::testing::Not(HasSubstr("step-00000004"))));
}

/// A run that gets SIGTERM after so many updates, while it does the next one.
RunResult train_until_signal(const fs::path& path, const TrainingConfig& config, std::int64_t num_updates) {
  Rig rig(path, config, RunFolder::Start::kNew);
  rig.task.raise_after(num_updates, SIGTERM);
  return rig.run.train();
}

TEST(TrainingRun, ASignalEndsItAfterTheStepWithACheckpoint) {
  const albert::testing::TemporaryFolder folder;
  const RunResult result = train_until_signal(folder / "run", settings(1000), 2);
  EXPECT_EQ(result.signal, SIGTERM);
  EXPECT_FALSE(result.is_complete);
  EXPECT_EQ(result.step, 3);
  EXPECT_EQ(fs::read_symlink(folder / "run/checkpoints/latest"), "step-00000003");
}

TEST(TrainingRun, ASignalDoesNotSkipTheEvaluationThatIsDue) {
  const albert::testing::TemporaryFolder folder;
  const RunResult result = train_until_signal(folder / "run", settings(1000), 3);
  EXPECT_EQ(result.signal, SIGTERM);
  EXPECT_EQ(result.step, 4);
  EXPECT_EQ(result.evaluated_step, 4);
  EXPECT_EQ(result.best->step, 4);
  EXPECT_EQ(fs::read_symlink(folder / "run/checkpoints/best"), "step-00000004");
}

TEST(TrainingRun, ASignalDuringAnEvaluationEndsTheRunBehindIt) {
  const albert::testing::TemporaryFolder folder;
  for (const std::int64_t num_steps : {1000, 4}) {
    Rig rig(folder / fmt::format("{}", num_steps), settings(num_steps), RunFolder::Start::kNew);
    rig.task.act_in_evaluation([] { std::raise(SIGTERM); });
    const RunResult result = rig.run.train();
    EXPECT_EQ(result.step, 4);
    EXPECT_EQ(result.signal, SIGTERM) << "others runs may come behind this one";
    EXPECT_EQ(result.is_complete, num_steps == 4);
    EXPECT_EQ(result.evaluated_step, 4);
  }
}

/// metrics.jsonl without what a clock decides.
std::vector<nlohmann::json> records_without_times(const fs::path& run) {
  std::vector<nlohmann::json> records;
  std::istringstream lines(read_file(run / "metrics.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    nlohmann::json& record = records.emplace_back(nlohmann::json::parse(line));
    record.erase("tokens_per_second");
    record.erase("data_wait_fraction");
  }
  return records;
}

TEST(TrainingRun, AResumedRunBeginsWithTheEvaluationThatAStopPutOff) {
  const albert::testing::TemporaryFolder folder;
  for (const std::int64_t num_steps : {10, 4}) {  // in the midst of the run, and at its end
    TrainingConfig config = settings(num_steps);
    config.log.every = 3;
    const fs::path whole = folder / fmt::format("whole-{}", num_steps);
    const fs::path stopped = folder / fmt::format("stopped-{}", num_steps);
    const RunResult expected = Rig(whole, config, RunFolder::Start::kNew).run.train();
    for (const auto start : {RunFolder::Start::kNew, RunFolder::Start::kResume}) {  // the second time before an update
      Rig rig(stopped, config, start);
      rig.task.raise_after(3, SIGTERM);
      rig.task.act_in_evaluation([start] {
        if (start == RunFolder::Start::kResume) std::raise(SIGTERM);
        throw std::runtime_error("killed");
      });
      EXPECT_THROW(rig.run.train(), std::runtime_error);
    }
    Rig rig(stopped, config, RunFolder::Start::kResume);
    EXPECT_EQ(rig.run.state().step, 4);
    const RunResult found = rig.run.train();
    EXPECT_EQ(records_without_times(stopped), records_without_times(whole));
    EXPECT_EQ(found.best, expected.best);
    EXPECT_EQ(found.evaluated_step, expected.evaluated_step);
    EXPECT_TRUE(found.is_complete);
  }
}

TEST(TrainingRun, ASignalInTheLastStepStopsNothing) {
  const albert::testing::TemporaryFolder folder;
  const RunResult result = train_until_signal(folder / "run", settings(6), 5);
  EXPECT_TRUE(result.is_complete);
  EXPECT_EQ(result.evaluated_step, 6);
}

TEST(TrainingRun, RecordsAfterAResumeAreThoseOfAWholeRun) {
  const albert::testing::TemporaryFolder folder;
  TrainingConfig config = settings(10);
  config.log.every = 5;
  config.evaluate.every = 0;
  const auto losses = [&](const char* name) {
    std::vector<double> values;
    std::istringstream lines(read_file(folder / name / "metrics.jsonl"));
    for (std::string line; std::getline(lines, line);) values.push_back(nlohmann::json::parse(line).at("loss"));
    return values;
  };
  Rig(folder / "whole", config, RunFolder::Start::kNew).run.train();
  EXPECT_EQ(train_until_signal(folder / "run", config, 6).step, 7);
  Rig resumed(folder / "run", config, RunFolder::Start::kResume);
  ASSERT_TRUE(resumed.resumed);
  resumed.run.train();
  EXPECT_EQ(losses("run"), losses("whole"));
}

}  // namespace
}  // namespace albert::train
