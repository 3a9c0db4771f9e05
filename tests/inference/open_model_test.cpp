#include "inference/open_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/atomic_file.h"
#include "base/error.h"
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
