#include "train/run_summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/folder_lock.h"
#include "support/temporary_folder.h"
#include "train/run_files.h"

namespace albert::train {
namespace {

using albert::testing::write_file;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::put_checkpoint;
using testing::put_run;

class Summary : public ::testing::Test {
 protected:
  RunSummary read() const { return summarize_run(folder_.path()); }

  albert::testing::TemporaryFolder folder_;
};

TEST_F(Summary, ARunIsStoppedUntilItsLastStep) {
  put_run(folder_.path(), 4);
  RunSummary run = read();
  EXPECT_EQ(run.state, RunState::kStopped);
  EXPECT_EQ(run.command, "pretrain");
  EXPECT_EQ(run.step, 4);
  EXPECT_EQ(run.num_steps, 10);
  EXPECT_GT(run.size_bytes, 0);
  EXPECT_THAT(run.problems, IsEmpty());
  put_checkpoint(folder_.path(), {.step = 10});
  EXPECT_EQ(read().state, RunState::kComplete);
}

TEST_F(Summary, AnEvaluationThatIsDueIsStillToCome) {
  put_run(folder_.path(), 4);
  put_checkpoint(folder_.path(), {.step = 10, .evaluation_due = checkpoint::LastUpdate{}});
  EXPECT_EQ(read().state, RunState::kStopped);
}

TEST_F(Summary, ARunThatHasSettledIsComplete) {
  put_run(folder_.path(), 2);
  write_file(folder_ / "run.yaml",
             "task: {name: sst2, kind: text}\ntrain: {steps: 100}\nevaluate: {every: 2, patience: 2}\n");
  put_checkpoint(folder_.path(), {.step = 6, .best = checkpoint::BestResult{"accuracy", 0.5, 4, {}, 4}});
  EXPECT_EQ(read().state, RunState::kStopped);
  put_checkpoint(folder_.path(), {.step = 8, .best = checkpoint::BestResult{"accuracy", 0.5, 4, {}, 4}});
  const RunSummary run = read();
  EXPECT_EQ(run.state, RunState::kComplete);
  EXPECT_EQ(run.command, "finetune");
  EXPECT_EQ(run.task, "sst2");
  EXPECT_EQ(run.kind, "text");
  EXPECT_EQ(run.best->step, 4);
}

TEST_F(Summary, ACompleteRunOfWhichTheBestCheckpointIsLeftIsStillComplete) {
  put_run(folder_.path(), 10);
  fs::remove_all(folder_ / "checkpoints");
  put_checkpoint(folder_.path(), {.step = 4, .best = checkpoint::BestResult{"accuracy", 0.5, 4, {}, 4}});
  EXPECT_EQ(read().state, RunState::kComplete);
  EXPECT_EQ(read().step, 10);
  put_checkpoint(folder_.path(), {.step = 3});
  EXPECT_EQ(read().state, RunState::kStopped) << "killed while it saved its last checkpoint, for all that is known";
}

TEST_F(Summary, FinalFiguresOfTheBestModelCount) {
  put_run(folder_.path(), 2);
  put_checkpoint(folder_.path(), {.step = 10, .best = checkpoint::BestResult{"accuracy", 0.5, 4, {}, 4}});
  write_file(folder_ / "figures.json", R"({"step": 3, "accuracy": 0.7})");
  EXPECT_EQ(read().best->value, 0.5) << "they are of another model";
  write_file(folder_ / "figures.json", R"({"step": 4, "accuracy": 0.6})");
  EXPECT_EQ(read().best->value, 0.6);
}

TEST_F(Summary, ARunThatIsTrainingIsWhereItsRecordsAre) {
  put_run(folder_.path(), 4);
  write_file(folder_ / "metrics.jsonl", "{\"step\":1}\n{\"step\":7}\n{\"step\":8,\"lo");
  EXPECT_EQ(read().step, 4) << "resumed, it goes on from there";
  const FolderLock lock(folder_.path());
  EXPECT_EQ(read().state, RunState::kTraining);
  EXPECT_EQ(read().step, 7);
  EXPECT_THAT(read().problems, IsEmpty());
}

TEST_F(Summary, ALogThatEndsWithAnErrorIsThatOfAFailure) {
  put_run(folder_.path(), 4);
  const std::string log = "2026-01-02 03:04:05 D the run has failed: the loss is NaN\n  and more of it\n";
  write_file(folder_ / "run.log", log);
  EXPECT_EQ(read().state, RunState::kFailed);
  EXPECT_EQ(read().failure, "the loss is NaN");
  write_file(folder_ / "run.log", log + "2026-01-02 04:04:05 I albert 1: albert pretrain --resume\n");
  EXPECT_EQ(read().state, RunState::kStopped) << "it was resumed";
  EXPECT_EQ(read().failure, "");
}

TEST_F(Summary, ARunWithoutAnUpdateHasNotBegun) {
  write_file(folder_ / "run.log", "2026-01-02 03:04:05 I albert 1: albert pretrain\n");
  fs::create_directory(folder_ / "checkpoints");
  EXPECT_TRUE(is_run(folder_.path()));
  EXPECT_EQ(read().state, RunState::kNotBegun);
}

TEST_F(Summary, WhatIsDamagedIsSaidAndTheOlderOneCounts) {
  put_run(folder_.path(), 4);
  put_checkpoint(folder_.path(), {.step = 6});
  put_checkpoint(folder_.path(), {.step = 8});
  write_file(folder_ / "checkpoints/step-00000008/manifest.json", "{\"xxh3_128\"");
  write_file(folder_ / "checkpoints/step-00000006/optimizer.safetensors", "torn");
  write_file(folder_ / "figures.json", "{");
  write_file(folder_ / "metrics.jsonl", "no record\n");
  RunSummary run = read();
  EXPECT_EQ(run.step, 4);
  EXPECT_THAT(run.problems,
              ElementsAre(HasSubstr("the manifest is damaged"), HasSubstr("optimizer.safetensors: expected 7 bytes"),
                          HasSubstr("metrics.jsonl: the last record")));
  write_file(folder_ / "run.yaml", "train: {steps: [\n");
  EXPECT_THAT(read().problems, ::testing::Contains(HasSubstr("run.yaml")));
}

TEST_F(Summary, LinksInOddPlacesDoNotEndIt) {
  put_run(folder_.path(), 4);
  fs::remove(folder_ / "metrics.jsonl");
  fs::create_symlink("metrics.jsonl", folder_ / "metrics.jsonl");
  fs::create_symlink("/etc/passwd", folder_ / ".lock");
  fs::remove(folder_ / "checkpoints/latest");
  fs::create_symlink("latest", folder_ / "checkpoints/latest");
  const RunSummary run = read();
  EXPECT_EQ(run.step, 4);
  EXPECT_THAT(run.problems, ElementsAre(HasSubstr(".lock: expected no link")));
}

TEST_F(Summary, ACheckpointOrItsCopyIsNoRun) {
  put_run(folder_ / "run", 4);
  EXPECT_TRUE(is_run(folder_ / "run"));
  write_file(folder_ / "run/checkpoints/step-00000004/run.yaml", "");
  EXPECT_FALSE(is_run(folder_ / "run/checkpoints/step-00000004"));
  write_file(folder_ / "run.yaml", "a configuration to begin runs with");
  EXPECT_FALSE(is_run(folder_.path()));
}

}  // namespace
}  // namespace albert::train
