#include "train/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"

namespace albert::train {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string refusal_of(const fs::path& path, RunFolder::Start start, RunFolder::Holds holds = RunFolder::Holds::kRun) {
  return albert::testing::refusal<UsageError>([&] { const RunFolder run(path, start, holds); });
}

TEST(RunFolder, IsMadeAndHeldByOneRunAtATime) {
  const albert::testing::TemporaryFolder folder;
  const RunFolder run(folder / "runs/a", RunFolder::Start::kNew);
  EXPECT_TRUE(fs::is_directory(folder / "runs/a"));
  EXPECT_THROW(RunFolder(folder / "runs/a", RunFolder::Start::kResume), UsageError);
}

TEST(RunFolder, AModelIsNoRun) {
  const testing::TemporaryFolder folder;
  fs::create_directories(folder / "checkpoints/step-00000001");
  const fs::path checkpoint = folder / "checkpoints/step-00000001";
  for (const char* name : {"config.json", "run.yaml"}) write_file_atomically(checkpoint / name, "{}");
  EXPECT_THAT(refusal_of(checkpoint, RunFolder::Start::kResume), HasSubstr("name the run's own folder as --run-dir"));
  EXPECT_THAT(refusal_of(checkpoint, RunFolder::Start::kNew), HasSubstr("name another --run-dir"));
}

TEST(RunFolder, ALinkThatPointsAtNothingIsNamedAndStays) {
  const testing::TemporaryFolder folder;
  fs::create_symlink(folder / "gone", folder / "a");
  for (const char* path : {"a", "a/b"}) {
    EXPECT_THAT(testing::refusal<IoError>([&] { RunFolder(folder / path, RunFolder::Start::kNew); }),
                HasSubstr("gone, which is not there"));
    EXPECT_TRUE(fs::is_symlink(folder / "a"));
  }
}

TEST(RunFolder, ANewRunWantsAnEmptyFolder) {
  const albert::testing::TemporaryFolder folder;
  fs::create_directory(folder / "a");
  { const RunFolder run(folder / "a", RunFolder::Start::kNew); }
  { const RunFolder again(folder / "a", RunFolder::Start::kNew); }  // nothing but the lock is in it
  write_file_atomically(folder / "a/metrics.jsonl", "");
  EXPECT_THAT(refusal_of(folder / "a", RunFolder::Start::kNew),
              AllOf(HasSubstr("metrics.jsonl"), HasSubstr("--resume")));
  const RunFolder resumed(folder / "a", RunFolder::Start::kResume);
}

TEST(RunFolder, IsGoneIfNothingWasWrittenToIt) {
  const albert::testing::TemporaryFolder folder;
  fs::create_directory(folder / "mine");
  for (const char* name : {"runs/a", "runs/b/", "mine/c", "mine"}) {
    const RunFolder run(folder / name, RunFolder::Start::kNew);
    fs::create_directory(run.checkpoints());
  }
  EXPECT_FALSE(fs::exists(folder / "runs"));
  EXPECT_FALSE(fs::exists(folder / "mine/c"));
  EXPECT_TRUE(fs::exists(folder / "mine")) << "it was there before";
  {
    const RunFolder run(folder / "runs/a", RunFolder::Start::kNew);
    write_file_atomically(run.metrics(), "");
  }
  EXPECT_TRUE(fs::exists(folder / "runs/a/metrics.jsonl"));
}

TEST(RunFolder, ARunThatFailedBeforeItsFirstStepIsStartedAgain) {
  const albert::testing::TemporaryFolder folder;
  fs::create_directories(folder / "a/checkpoints");
  EXPECT_NO_THROW(RunFolder(folder / "a", RunFolder::Start::kNew));
}

TEST(RunFolder, WhatIsNoRunIsNotResumed) {
  const albert::testing::TemporaryFolder folder;
  fs::create_directories(folder / "notes");
  write_file_atomically(folder / "notes/diary.txt", "today");
  for (const auto start : {RunFolder::Start::kNew, RunFolder::Start::kResume}) {
    EXPECT_THAT(refusal_of(folder / "notes", start), AllOf(HasSubstr("diary.txt"), HasSubstr("no run")));
  }
}

TEST(RunFolder, WhatALinkPointsAtIsNotWrittenTo) {
  const albert::testing::TemporaryFolder folder;
  fs::create_directory(folder / "run");
  for (const char* name : {kRunConfigFile, kSeriesFile, "figures.json", "metrics.jsonl"}) {
    for (const char* target : {"gone", "../run"}) {
      fs::create_symlink(target, folder / "run" / name);
      EXPECT_THAT(refusal_of(folder / "run", RunFolder::Start::kResume), HasSubstr("found a link")) << name;
      fs::remove(folder / "run" / name);
    }
  }
}

TEST(RunFolder, ARunAndASeriesOfRunsAreNotTakenForEachOther) {
  using enum RunFolder::Start;
  const albert::testing::TemporaryFolder folder;
  fs::create_directories(folder / "begun/seed-1");
  write_file_atomically(folder / "begun/seed-1/run.log", "killed before its first step");
  EXPECT_NO_THROW(RunFolder(folder / "begun", kNew, RunFolder::Holds::kSeries));
  fs::create_directories(folder / "runs");
  write_file_atomically(folder / "runs" / kSeriesConfigFile, "");
  fs::create_directories(folder / "run");
  write_file_atomically(folder / "run" / kRunConfigFile, "");
  EXPECT_NO_THROW(RunFolder(folder / "runs", kResume, RunFolder::Holds::kSeries));
  EXPECT_THAT(refusal_of(folder / "runs", kNew, RunFolder::Holds::kSeries), HasSubstr("continue that series of runs"));
  EXPECT_THAT(refusal_of(folder / "run", kResume, RunFolder::Holds::kSeries), HasSubstr("no series of runs"));
  EXPECT_THAT(refusal_of(folder / "runs", kResume), HasSubstr("no run: it holds runs.yaml"));
  const RunOptions resumed{.config = {}, .assignments = {}, .run_dir = folder / "runs", .resume = true};
  EXPECT_EQ(resumed.configuration(kSeriesConfigFile), folder / "runs" / kSeriesConfigFile);
  EXPECT_THAT(albert::testing::refusal<UsageError>([&] { resumed.configuration(); }), HasSubstr("holds several runs"));
}

TEST(Run, KnowsTheCommandThatGoesOnWithIt) {
  const albert::testing::TemporaryFolder folder;
  const RunOptions options{
      .config = "a file.yaml", .assignments = {"train.steps=3"}, .run_dir = folder / "run", .resume = false};
  const train::Run run(options, {.line = options.command_line("pretrain", {{"--init-from", ""}, {"--other", "it's"}}),
                                 .weights_option = "--init-from",
                                 .version = "1"});
  EXPECT_FALSE(run.resumes());
  EXPECT_EQ(run.resume_command(),
            "albert pretrain --config 'a file.yaml' --set train.steps=3 --other 'it'\\''s' --run-dir " +
                (folder / "run").string() + " --resume");
}

}  // namespace
}  // namespace albert::train
