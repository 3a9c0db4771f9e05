#include "checkpoint/clean.h"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/temporary_entry.h"
#include "checkpoint/fakes.h"
#include "checkpoint/manifest.h"
#include "checkpoint/store.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert::checkpoint {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::make_contents;

class Clean : public ::testing::Test {
 protected:
  void SetUp() override {
    CheckpointStore store(folder(), 10);
    for (const std::int64_t step : {1, 2, 3, 4, 5}) {
      TrainingContents contents = make_contents(tokenizer_, step);
      if (step >= 2) contents.state.best = BestResult{.metric = "accuracy", .step = 2};
      store.save(contents);
    }
  }
  fs::path folder() const { return run_ / "checkpoints"; }
  fs::path step(std::int64_t number) const { return CheckpointStore(folder(), 10).folder_of(number); }
  std::vector<std::int64_t> steps() const { return CheckpointStore(folder(), 10).steps(); }
  void damage(std::int64_t number) const { fs::resize_file(step(number) / kModelFile, 100); }
  static std::vector<std::string> going(const Cleaning& cleaning) {
    std::vector<std::string> names;
    for (const Removal& removal : cleaning.removals) names.push_back(removal.path.filename());
    return names;
  }
  static std::string reason_of(const Cleaning& cleaning, const std::string& name) {
    const auto kept =
        std::ranges::find(cleaning.kept, name, [](const Kept& one) { return one.path.filename().string(); });
    return kept == cleaning.kept.end() ? "" : kept->reason;
  }

  const testing::FakeTokenizer tokenizer_;
  albert::testing::TemporaryFolder run_;
};

TEST_F(Clean, TheNewestAndTheBestStay) {
  const Cleaning plan = plan_cleaning(folder(), {});
  EXPECT_THAT(going(plan), ElementsAre("step-00000001", "step-00000003", "step-00000004"));
  EXPECT_GT(plan.size_bytes(), 0);
  EXPECT_THAT(steps(), ElementsAre(1, 2, 3, 4, 5)) << "a plan removes nothing";
  carry_out(folder(), plan);
  EXPECT_THAT(steps(), ElementsAre(2, 5));
  EXPECT_EQ(CheckpointStore(folder(), 10).open_latest()->checkpoint.state().step, 5);
  EXPECT_EQ(find_checkpoint(run_.path()), folder() / "best");
  EXPECT_THAT(going(plan_cleaning(folder(), {})), IsEmpty());
}

TEST_F(Clean, MoreOfTheNewestStayIfAskedFor) {
  EXPECT_THAT(going(plan_cleaning(folder(), {.keep = 2})), ElementsAre("step-00000001", "step-00000003"));
  EXPECT_THAT(going(plan_cleaning(folder(), {.keep = 9})), IsEmpty());
}

TEST_F(Clean, TheBestStaysWithoutItsLink) {
  fs::remove(folder() / "best");
  EXPECT_EQ(reason_of(plan_cleaning(folder(), {}), "step-00000002"), "best");
}

TEST_F(Clean, TheBestAlone) {
  const Cleaning plan = plan_cleaning(folder(), {.only_best = true});
  carry_out(folder(), plan);
  EXPECT_THAT(steps(), ElementsAre(2));
  EXPECT_EQ(fs::read_symlink(folder() / "latest"), "step-00000002");
}

TEST_F(Clean, WhereNoneIsTheBestTheNewestStays) {
  fs::remove(folder() / "best");
  CheckpointStore(folder(), 10).save(make_contents(tokenizer_, 6));  // which knows of no best one
  carry_out(folder(), plan_cleaning(folder(), {.only_best = true}));
  EXPECT_THAT(steps(), ElementsAre(6));
}

TEST_F(Clean, ADamagedOneIsNotCountedAndStays) {
  damage(5);
  const Cleaning plan = plan_cleaning(folder(), {});
  EXPECT_THAT(going(plan), ElementsAre("step-00000001", "step-00000003"));
  EXPECT_THAT(reason_of(plan, "step-00000005"), HasSubstr("model.safetensors: expected"));
  EXPECT_EQ(reason_of(plan, "step-00000004"), "newest");
}

TEST_F(Clean, NothingGoesWhereNothingIsWhole) {
  for (const std::int64_t number : {1, 2, 3, 4, 5}) damage(number);
  EXPECT_THAT(going(plan_cleaning(folder(), {})), IsEmpty());
  EXPECT_THAT(going(plan_cleaning(folder(), {.only_best = true})), IsEmpty());
  EXPECT_THAT(going(plan_cleaning(folder(), {.optimizer_states = true})), IsEmpty());
}

TEST_F(Clean, WhatTheManifestDoesNotNameKeepsACheckpoint) {
  albert::testing::write_file(step(1) / "notes.txt", "mine");
  albert::testing::write_file(step(3) / "manifest.json", "{");
  fs::remove(step(4) / "config.json");
  fs::create_symlink("/etc/passwd", step(4) / "config.json");
  const Cleaning plan = plan_cleaning(folder(), {});
  EXPECT_THAT(going(plan), IsEmpty());
  EXPECT_THAT(reason_of(plan, "step-00000001"), HasSubstr("holds 'notes.txt'"));
  EXPECT_THAT(reason_of(plan, "step-00000003"), HasSubstr("the manifest is damaged"));
  EXPECT_THAT(reason_of(plan, "step-00000004"), HasSubstr("holds 'config.json'"));
}

TEST_F(Clean, WhatIsNoCheckpointStays) {
  fs::create_directory(folder() / "step-00000000");
  albert::testing::write_file(folder() / "step-00000000/thesis", "years");
  fs::create_directory_symlink("/etc", folder() / "step-00000007");
  fs::create_directory(folder() / "mine");
  carry_out(folder(), plan_cleaning(folder(), {}));
  EXPECT_TRUE(fs::exists(folder() / "step-00000000/thesis"));
  EXPECT_TRUE(fs::is_symlink(folder() / "step-00000007"));
  EXPECT_TRUE(fs::exists(folder() / "mine"));
}

TEST_F(Clean, LinksOutOfTheRunAreNotFollowed) {
  fs::rename(folder(), run_ / "elsewhere");
  fs::create_directory_symlink("elsewhere", folder());
  EXPECT_THAT(albert::testing::refusal<UsageError>([&] { plan_cleaning(folder(), {}); }), HasSubstr("found a link"));
  EXPECT_THAT(plan_cleaning(run_ / "none", {}).removals, IsEmpty());
}

TEST_F(Clean, LinksThatLeadElsewhereProtectWhatTheyName) {
  fs::remove(folder() / "best");
  fs::create_directory_symlink(fs::absolute(step(3)), folder() / "best");
  EXPECT_EQ(reason_of(plan_cleaning(folder(), {}), "step-00000003"), "best");
}

TEST_F(Clean, WithoutOptimizerStatesModelsAreWhole) {
  const Cleaning plan = plan_cleaning(folder(), {.optimizer_states = true});
  EXPECT_THAT(going(plan), ElementsAre("step-00000001", "step-00000002", "step-00000003", "step-00000004"));
  carry_out(folder(), plan);
  EXPECT_THAT(steps(), ElementsAre(1, 2, 3, 4, 5));
  for (const std::int64_t number : {1, 2, 3, 4}) {
    EXPECT_NO_THROW(verify_manifest(step(number)));
    EXPECT_FALSE(fs::exists(step(number) / kOptimizerFile) || fs::exists(step(number) / kStateFile));
    EXPECT_TRUE(fs::exists(step(number) / kModelFile) && fs::exists(step(number) / kRunFile));
    EXPECT_THAT(albert::testing::refusal<ModelError>([&] { TrainingCheckpoint{step(number)}; }),
                HasSubstr("cannot be resumed"));
  }
  EXPECT_EQ(CheckpointStore(folder(), 10).open_latest()->checkpoint.state().step, 5);
  EXPECT_THAT(going(plan_cleaning(folder(), {.optimizer_states = true})), IsEmpty());
  EXPECT_THAT(going(plan_cleaning(folder(), {})), ElementsAre("step-00000001", "step-00000003", "step-00000004"));
}

TEST_F(Clean, TheStateToResumeFromIsThatOfTheNewestWholeOne) {
  damage(5);
  const Cleaning plan = plan_cleaning(folder(), {.optimizer_states = true});
  EXPECT_THAT(going(plan), ElementsAre("step-00000001", "step-00000002", "step-00000003"));
  EXPECT_EQ(reason_of(plan, "step-00000004"), "to resume from");
}

TEST_F(Clean, AKillWithinTheRemovalOfStatesLeavesWholeModels) {
  // Behind the first step, and behind the second.
  const std::vector<std::string> files{kOptimizerFile, kStateFile};
  drop_from_manifest(step(1), files);
  drop_from_manifest(step(3), files);
  fs::remove(step(3) / kOptimizerFile);
  albert::testing::write_file(temporary_name(step(3) / kManifestFile, "partial"), "{");  // within the first step
  EXPECT_THAT(going(plan_cleaning(folder(), {})), ElementsAre("step-00000001", "step-00000003", "step-00000004"));
  EXPECT_NO_THROW(verify_manifest(step(1)));
  EXPECT_NO_THROW(TrainingCheckpoint{step(1)}) << "the state is still there, though nothing vouches for it";
  EXPECT_NO_THROW(verify_manifest(step(3)));
  carry_out(folder(), plan_cleaning(folder(), {.optimizer_states = true}));
  for (const std::int64_t number : {1, 3}) {
    EXPECT_FALSE(fs::exists(step(number) / kOptimizerFile) || fs::exists(step(number) / kStateFile));
  }
}

TEST_F(Clean, WhatAKilledRemovalLeftGoes) {
  const fs::path left = temporary_name(step(1), "partial");
  fs::rename(step(1), left);
  fs::remove(left / kManifestFile);
  const Cleaning plan = plan_cleaning(folder(), {});
  EXPECT_THAT(going(plan), ::testing::Contains(left.filename().string()));
  carry_out(folder(), plan);
  EXPECT_FALSE(fs::exists(left));
}

TEST_F(Clean, AManifestThatIsDamagedIsNotWrittenAnew) {
  albert::testing::write_file(step(1) / kManifestFile, "{}");
  const std::vector<std::string> files{kOptimizerFile};
  EXPECT_THROW(drop_from_manifest(step(1), files), ModelError);
}

}  // namespace
}  // namespace albert::checkpoint
