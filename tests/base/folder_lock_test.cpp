#include "base/folder_lock.h"

#include <chrono>
#include <thread>

#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/file.h"
#include "support/temporary_folder.h"

namespace albert {
namespace {

TEST(FolderLock, RefusesTheSecond) {
  const testing::TemporaryFolder folder;
  {
    const FolderLock lock(folder.path());
    EXPECT_THROW(FolderLock{folder.path()}, UsageError);
  }
  const FolderLock again(folder.path());
}

TEST(FolderLock, WritesIntoNothingThatIsNoLock) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "thesis", "years");
  fs::create_symlink("thesis", folder / ".lock");
  EXPECT_THROW(FolderLock{folder.path()}, IoError);
  EXPECT_EQ(read_file(folder / "thesis"), "years");
  fs::remove(folder / ".lock");
  ASSERT_EQ(::mkfifo((folder / ".lock").c_str(), 0600), 0);
  EXPECT_THROW(FolderLock{folder.path()}, UsageError);
  fs::remove(folder / ".lock");
  write_file_atomically(folder / ".lock", std::string(100, 'x'));
  EXPECT_THROW(FolderLock{folder.path()}, UsageError);
}

TEST(FolderLock, IsSeenByThoseWhoOnlyLook) {
  const testing::TemporaryFolder folder;
  EXPECT_FALSE(is_locked(folder.path()));
  EXPECT_TRUE(fs::is_empty(folder.path())) << "looking writes nothing";
  {
    const FolderLock lock(folder.path());
    EXPECT_TRUE(is_locked(folder.path()));
  }
  EXPECT_FALSE(is_locked(folder.path()));
  fs::remove(folder / ".lock");
  fs::create_symlink("elsewhere", folder / ".lock");
  EXPECT_THROW(is_locked(folder.path()), IoError);
}

TEST(FolderLock, WaitsForThoseWhoOnlyLook) {
  const testing::TemporaryFolder folder;
  { const FolderLock made(folder.path()); }
  Descriptor looking(folder / ".lock", O_RDONLY);
  ASSERT_EQ(::flock(looking.value(), LOCK_SH), 0);
  const std::jthread ending([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    ::flock(looking.value(), LOCK_UN);
  });
  EXPECT_NO_THROW(FolderLock{folder.path()});
}

}  // namespace
}  // namespace albert
