#include "base/folder_lock.h"

#include <gtest/gtest.h>

#include "base/error.h"
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

}  // namespace
}  // namespace albert
