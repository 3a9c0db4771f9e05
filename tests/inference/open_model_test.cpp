#include "inference/open_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "support/log_capture.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"

namespace albert::inference {
namespace {

TEST(FindModelFolder, TakesAModelOrARunsBest) {
  const testing::TemporaryFolder folder;
  const auto make = [&](const char* name) {
    fs::create_directories(folder / name);
    write_file_atomically(folder / name / "config.json", "{}");
  };
  make("model");
  EXPECT_EQ(find_model_folder(folder / "model"), folder / "model");
  make("run/checkpoints/latest");
  EXPECT_EQ(find_model_folder(folder / "run"), folder / "run/checkpoints/latest");
  make("run/checkpoints/best");
  EXPECT_EQ(find_model_folder(folder / "run"), folder / "run/checkpoints/best");
}

TEST(FindModelFolder, SaysThatTheBestIsNotThere) {
  const testing::TemporaryFolder folder;
  fs::create_directories(folder / "run/checkpoints/step-2");
  write_file_atomically(folder / "run/checkpoints/step-2/config.json", "{}");
  fs::create_directory_symlink("step-2", folder / "run/checkpoints/latest");
  fs::create_directory_symlink("step-1", folder / "run/checkpoints/best");
  const testing::LogCapture log;
  EXPECT_EQ(fs::canonical(find_model_folder(folder / "run")), fs::canonical(folder / "run/checkpoints/step-2"));
  EXPECT_THAT(log.text(), ::testing::HasSubstr("best leads to no checkpoint that holds a model"));
}

TEST(FindModelFolder, SaysWhatIsMissing) {
  const testing::TemporaryFolder folder;
  const auto refusal = [&] { return testing::refusal<ModelError>([&] { find_model_folder(folder.path()); }); };
  EXPECT_THAT(refusal(), ::testing::HasSubstr("there is no config.json"));
  fs::create_directories(folder / "seed-1/checkpoints/latest");
  write_file_atomically(folder / "seed-1/checkpoints/latest/config.json", "{}");
  EXPECT_THAT(refusal(), ::testing::HasSubstr("name one of them, as seed-1"));
}

}  // namespace
}  // namespace albert::inference
