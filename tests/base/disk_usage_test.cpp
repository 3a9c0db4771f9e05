#include "base/disk_usage.h"

#include <string>

#include <gtest/gtest.h>

#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert {
namespace {

namespace fs = std::filesystem;

TEST(DiskUsage, CountsWhatIsBelowAndFollowsNoLinks) {
  const testing::TemporaryFolder folder;
  const testing::TemporaryFolder* const outside = &folder;
  fs::create_directories(folder / "run/deeper");
  testing::write_file(folder / "large", std::string(1'000'000, 'x'));
  testing::write_file(folder / "run/deeper/file", std::string(100'000, 'x'));
  fs::create_symlink(outside->path() / "large", folder / "run/link");
  fs::create_directory_symlink(outside->path(), folder / "run/circle");
  const DiskUsage usage = disk_usage(folder / "run");
  EXPECT_GE(usage.size_bytes, 100'000);
  EXPECT_LT(usage.size_bytes, 200'000);
}

TEST(DiskUsage, KnowsTheLastChange) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "file", "x");
  const auto late = fs::file_time_type::clock::now() + std::chrono::hours(1);
  fs::last_write_time(folder / "file", late);
  testing::write_file(folder / ".lock", "x");
  fs::last_write_time(folder / ".lock", late + std::chrono::hours(1));
  EXPECT_EQ(disk_usage(folder.path()).changed, fs::last_write_time(folder / "file"));
}

TEST(DiskUsage, OfNothingIsNothing) {
  const testing::TemporaryFolder folder;
  EXPECT_EQ(disk_usage(folder / "gone").size_bytes, 0);
}

}  // namespace
}  // namespace albert
