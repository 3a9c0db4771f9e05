#include "train/clean_runs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/folder_lock.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "train/run_files.h"

namespace albert::train {
namespace {

using albert::testing::write_file;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::put_checkpoint;
using testing::put_run;

class CleanRuns : public ::testing::Test {
 protected:
  void put(const std::string& name) const {
    put_run(folder_ / name, 2);
    put_checkpoint(folder_ / name, {.step = 4});
  }
  bool has(const std::string& run, const char* step) const { return fs::exists(folder_ / run / "checkpoints" / step); }
  std::string clean(bool removes, const std::string& name = "") const {
    const CleanOptions options{.folders = {folder_ / name}, .rule = {}, .removes = removes};
    return to_text(clean_runs(options), options);
  }

  albert::testing::TemporaryFolder folder_;
};

TEST_F(CleanRuns, ShowsFirstAndRemovesIfAsked) {
  put("a");
  put("deep/b");
  EXPECT_THAT(clean(false), HasSubstr("nothing is removed without --yes"));
  EXPECT_TRUE(has("a", "step-00000002") && has("deep/b", "step-00000002"));
  EXPECT_FALSE(fs::exists(folder_ / "a/.lock")) << "showing writes nothing";
  EXPECT_THAT(clean(true), HasSubstr("freed "));
  for (const char* run : {"a", "deep/b"}) EXPECT_TRUE(!has(run, "step-00000002") && has(run, "step-00000004")) << run;
  EXPECT_THAT(clean(false), Not(HasSubstr("--yes")));
}

TEST_F(CleanRuns, WhatIsTrainingIsLeftAlone) {
  put("a");
  put("s/seed-1");
  write_file(folder_ / "s/runs.yaml", "");
  const FolderLock lock(folder_ / "a");
  const FolderLock series(folder_ / "s");
  const std::string text = clean(true);
  EXPECT_THAT(text, HasSubstr("a: is training: left alone"));
  EXPECT_THAT(text, HasSubstr("seed-1: is training: left alone"));
  EXPECT_TRUE(has("a", "step-00000002") && has("s/seed-1", "step-00000002"));
}

TEST_F(CleanRuns, OneThatCannotBeCleanedDoesNotKeepOthersFromIt) {
  put("a");
  put("b");
  fs::rename(folder_ / "a/checkpoints", folder_ / "a/elsewhere");
  fs::create_directory_symlink("elsewhere", folder_ / "a/checkpoints");
  const CleanOptions options{.folders = {folder_ / "a", folder_ / "b", folder_ / "b"}, .rule = {}, .removes = true};
  const auto runs = clean_runs(options);
  ASSERT_EQ(runs.size(), 2);
  EXPECT_TRUE(runs[0].failed);
  EXPECT_FALSE(runs[1].failed);
  EXPECT_TRUE(fs::exists(folder_ / "a/elsewhere/step-00000002"));
  EXPECT_FALSE(has("b", "step-00000002"));
}

TEST_F(CleanRuns, WhatIsNoRunIsRefused) {
  EXPECT_THAT(albert::testing::refusal<UsageError>([&] { clean(true); }), HasSubstr("is no run and holds none"));
  EXPECT_THROW(clean(true, "none"), UsageError);
}

}  // namespace
}  // namespace albert::train
