#include "base/folder_lock.h"

#include <gtest/gtest.h>
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

}  // namespace
}  // namespace albert
