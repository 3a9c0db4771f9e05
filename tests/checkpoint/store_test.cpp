#include "checkpoint/store.h"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "base/temporary_entry.h"
#include "checkpoint/fakes.h"
#include "checkpoint/manifest.h"
#include "checkpoint/overwrite.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert::checkpoint {
namespace {

using albert::testing::error_of;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::make_contents;
using ::testing::SizeIs;

class Store : public ::testing::Test {
 protected:
  void save(std::int64_t step, bool is_best = false) {
    if (is_best) best_ = BestResult{.metric = "accuracy", .step = step};
    TrainingContents contents = make_contents(tokenizer_, step);
    contents.state.best = best_;
    store_.save(contents);
  }
  fs::path link(const char* name) const { return fs::read_symlink(folder_ / name); }
  void damage(std::int64_t step) { fs::resize_file(store_.folder_of(step) / kModelFile, 100); }
  std::vector<std::string> hidden_files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      if (entry.path().filename().string().starts_with(".")) names.push_back(entry.path().filename());
    }
    return names;
  }

  const testing::FakeTokenizer tokenizer_;
  albert::testing::TemporaryFolder folder_;
  CheckpointStore store_{folder_.path(), 2};
  std::optional<BestResult> best_;
};

TEST_F(Store, KeepsTheNewestAndTheBest) {
  EXPECT_FALSE(store_.open_latest());
  save(1);
  save(2, true);
  save(3);
  save(4);
  EXPECT_THAT(store_.steps(), ElementsAre(2, 3, 4));
  EXPECT_EQ(link("latest"), "step-00000004");
  EXPECT_EQ(link("best"), "step-00000002");
  save(5, true);
  EXPECT_THAT(store_.steps(), ElementsAre(4, 5));
  EXPECT_EQ(link("best"), "step-00000005");
  EXPECT_EQ(store_.open_latest()->checkpoint.state().step, 5);
  EXPECT_THAT(hidden_files(), IsEmpty());
}

TEST_F(Store, ASavedStepMayBeSavedAgain) {
  save(3);
  save(3, true);
  EXPECT_THAT(store_.steps(), ElementsAre(3));
  EXPECT_EQ(store_.open_latest()->checkpoint.state().step, 3);
}

TEST_F(Store, WhatIsNoCheckpointIsNeitherReplacedNorRemoved) {
  save(1);
  const fs::path home = folder_ / "home";
  fs::create_directory(home);
  albert::testing::write_file(home / "thesis", "years");
  const fs::path place = store_.folder_of(2);
  fs::create_directory_symlink(home, place);
  EXPECT_THAT(albert::testing::refusal<UsageError>([&] { save(2); }), HasSubstr("found something else, a link"));
  EXPECT_THROW(CheckpointStore(place.parent_path(), 1), UsageError) << "before anything is trained";
  fs::remove(place);
  fs::create_directory(place);
  albert::testing::write_file(place / "thesis", "years");
  EXPECT_THROW(save(2), UsageError);
  for (const std::int64_t step : {3, 4, 5}) save(step);
  EXPECT_TRUE(fs::exists(home / "thesis") && fs::exists(place / "thesis"));
}

TEST_F(Store, ADamagedLatestIsPassedOverByName) {
  save(1);
  save(2);
  damage(2);
  const auto opened = store_.open_latest();
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->checkpoint.state().step, 1);
  EXPECT_THAT(opened->damaged, ElementsAre(HasSubstr("step-00000002/model.safetensors: expected")));
  damage(1);
  EXPECT_THAT(
      error_of<ModelError>([&] { store_.open_latest(); }),
      AllOf(HasSubstr("none of the 2 checkpoints is whole"), HasSubstr("step-00000001/"), HasSubstr("step-00000002/")));
}

TEST_F(Store, TheLinkDecidesAndTheNewestServesWithoutOne) {
  save(1);
  save(2);
  fs::remove(folder_ / "latest");
  EXPECT_EQ(store_.open_latest()->checkpoint.state().step, 2);
  fs::create_symlink("step-00000001", folder_ / "latest");
  EXPECT_EQ(store_.open_latest()->checkpoint.state().step, 1);
  fs::remove(folder_ / "latest");
  fs::create_symlink("step-00000077", folder_ / "latest");
  EXPECT_EQ(store_.open_latest()->checkpoint.state().step, 2);
}

TEST_F(Store, FoldersOfTheUsersOwnAreLeftAlone) {
  fs::create_directories(folder_ / "step-final");
  fs::create_directories(folder_ / "step-00000001-copy");
  save(1);
  save(2);
  save(3);
  EXPECT_THAT(store_.steps(), ElementsAre(2, 3));
  EXPECT_TRUE(fs::exists(folder_ / "step-final"));
  EXPECT_TRUE(fs::exists(folder_ / "step-00000001-copy"));
}

TEST_F(Store, WhatAKilledProcessLeavesIsRemovedOrPutBack) {
  save(1);
  save(2);
  fs::create_directories(temporary_name(folder_ / "step-00000003", "partial"));
  fs::create_directories(temporary_name(folder_ / "step-00000002", "old"));
  // Killed between the two renames of a replacement: the old one is the only whole one.
  fs::rename(folder_ / "step-00000001", temporary_name(folder_ / "step-00000001", "old"));
  const CheckpointStore again(folder_.path(), 2);
  EXPECT_THAT(again.steps(), ElementsAre(1, 2));
  EXPECT_THAT(hidden_files(), IsEmpty());
  EXPECT_NO_THROW(TrainingCheckpoint(again.folder_of(1)));
}

TEST_F(Store, ARemovalThatWasKilledIsFinished) {
  save(1);
  save(2);
  // Killed behind the first step of remove_checkpoint(): the name is gone, some files are.
  const fs::path left = temporary_name(folder_ / "step-00000001", "partial");
  fs::rename(folder_ / "step-00000001", left);
  fs::remove(left / kModelFile);
  const CheckpointStore again(folder_.path(), 2);
  EXPECT_THAT(again.steps(), ElementsAre(2));
  EXPECT_THAT(hidden_files(), IsEmpty());
}

/// Puts a copy in the place of a link, as `cp -L` does.
void follow(const fs::path& link) {
  const fs::path target = link.parent_path() / fs::read_symlink(link);
  fs::remove(link);
  fs::copy(target, link, fs::copy_options::recursive);
}

TEST_F(Store, CopiesInThePlaceOfLinksBecomeLinksAgain) {
  save(1, true);
  save(2);
  for (const char* name : {"latest", "best"}) follow(folder_ / name);
  fs::remove_all(store_.folder_of(1));  // of which the copy is the only one now
  damage(2);                            // of which the copy is the only whole one
  CheckpointStore again(folder_.path(), 2);
  EXPECT_EQ(link("latest"), "step-00000002");
  EXPECT_EQ(link("best"), "step-00000001");
  EXPECT_THAT(again.steps(), ElementsAre(1, 2));
  EXPECT_THAT(again.open_latest()->damaged, IsEmpty());
  EXPECT_THAT(hidden_files(), IsEmpty());
}

TEST_F(Store, ACopyThatIsDamagedTakesNoPlace) {
  save(1);
  save(2);
  follow(folder_ / "latest");
  fs::remove(folder_ / "latest" / kModelFile);
  testing::overwrite(store_.folder_of(2) / "config.json", "changed");
  const CheckpointStore again(folder_.path(), 2);
  EXPECT_EQ(link("latest"), "step-00000002");
  EXPECT_TRUE(fs::exists(store_.folder_of(2) / kModelFile));
  EXPECT_EQ(again.open_latest()->checkpoint.state().step, 1);
}

TEST_F(Store, AFileThatCannotBeReadIsNoDamage) {
  save(1);
  const fs::path original = store_.folder_of(1);
  testing::overwrite(original / "empty", "");
  write_manifest(original);
  follow(folder_ / "latest");
  fs::remove(original / "empty");
  fs::create_symlink("/proc/self/mem", original / "empty");  // of 0 bytes, and an input/output error where it is read
  EXPECT_THAT(error_of<IoError>([&] { CheckpointStore(folder_.path(), 2); }), HasSubstr((original / "empty").string()));
  EXPECT_TRUE(fs::exists(original / kModelFile));
  EXPECT_TRUE(fs::exists(folder_ / "latest" / kModelFile));
}

TEST_F(Store, WhatIsNoLinkAndNoCopyIsNotReplaced) {
  save(1);
  const auto refusal = [&] { return error_of<UsageError>([&] { CheckpointStore(folder_.path(), 2); }); };
  fs::create_directory(folder_ / "best");
  EXPECT_THAT(refusal(), AllOf(HasSubstr((folder_ / "best").string()), HasSubstr("move it away")));
  fs::remove(folder_ / "best");
  testing::overwrite(folder_ / "best", "notes");
  EXPECT_THAT(refusal(), HasSubstr("move it away"));
  fs::remove(folder_ / "best");
  follow(folder_ / "latest");
  testing::overwrite(folder_ / "latest/manifest.json", "{}");  // of another run's step 1
  EXPECT_THAT(refusal(), HasSubstr((folder_ / "latest").string()));
}

TEST_F(Store, TextFilesServeWhereThereAreNoLinks) {
  save(1);
  save(2, true);
  for (const char* name : {"latest", "best"}) {
    fs::remove(folder_ / name);
    testing::overwrite(folder_ / name, "step-00000001\n");
  }
  const CheckpointStore again(folder_.path(), 2);
  EXPECT_EQ(again.open_latest()->checkpoint.state().step, 1);
  testing::overwrite(folder_ / "latest", "step-00000077");  // which is gone
  EXPECT_EQ(CheckpointStore(folder_.path(), 2).open_latest()->checkpoint.state().step, 2);
}

TEST_F(Store, TheBestSurvivesALostLink) {
  save(1, true);
  save(2);
  fs::remove(folder_ / "best");  // as programs do that copy no links
  save(3);
  save(4);
  EXPECT_EQ(link("best"), "step-00000001");
}

TEST(FindCheckpoint, TakesTheBestThenTheLatestThenWhatTheNewestKnows) {
  const testing::FakeTokenizer tokenizer;
  const albert::testing::TemporaryFolder run;
  EXPECT_FALSE(find_checkpoint(run.path()));
  const fs::path folder = run / "checkpoints";
  CheckpointStore store(folder, 5);
  for (const std::int64_t step : {1, 2, 3}) {
    TrainingContents contents = make_contents(tokenizer, step);
    contents.state.best = BestResult{.metric = "accuracy", .step = 2};
    store.save(contents);
  }
  EXPECT_EQ(find_checkpoint(run.path()), folder / "best");
  fs::remove(folder / "best");
  testing::overwrite(folder / "best", "step-00000001");
  EXPECT_EQ(find_checkpoint(run.path()), folder / "step-00000001");
  fs::remove(folder / "best");
  EXPECT_EQ(find_checkpoint(run.path()), folder / "latest");
  fs::remove(folder / "latest");
  EXPECT_EQ(find_checkpoint(run.path()), folder / "step-00000002");
}

/// While it lives no file may grow beyond a limit, and a write that tries fails as on a full disk.
class FullDisk {
 public:
  explicit FullDisk(rlim_t limit_bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{limit_bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST_F(Store, AFullDiskLeavesThePreviousCheckpointAndNothingElse) {
  save(1);
  TrainingContents large = make_contents(tokenizer_, 2);
  large.optimizer_state.push_back({"large", at::zeros({100'000})});
  std::string message;
  {
    const FullDisk full(200'000);
    message = error_of<IoError>([&] { store_.save(large); });
  }
  EXPECT_THAT(message, HasSubstr("optimizer.safetensors: File too large"));
  EXPECT_THAT(store_.steps(), ElementsAre(1));
  EXPECT_THAT(hidden_files(), IsEmpty());
  EXPECT_EQ(link("latest"), "step-00000001");
  EXPECT_THAT(store_.open_latest()->damaged, SizeIs(0));
  store_.save(large);
  EXPECT_EQ(store_.open_latest()->checkpoint.state().step, 2);
}

}  // namespace
}  // namespace albert::checkpoint
