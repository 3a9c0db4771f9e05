#include "host/folder_probe.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert::host {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

TEST(FolderProbe, TriesAFolderAndLeavesNothing) {
  const albert::testing::TemporaryFolder folder;
  const Folder found = probe_folder(folder.path());
  EXPECT_EQ(found.failure, "");
  EXPECT_EQ(found.probed, fs::canonical(folder.path()));
  EXPECT_EQ(found.links, Links::kSymbolic);
  EXPECT_TRUE(found.has_locks);
  EXPECT_GT(found.free_bytes, 0);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(FolderProbe, OfAFolderThatIsNotThereTheNearestAboveIsTried) {
  const albert::testing::TemporaryFolder folder;
  const Folder found = probe_folder(folder / "a/b/");
  EXPECT_EQ(found.failure, "");
  EXPECT_EQ(found.probed, fs::canonical(folder.path()));
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(FolderProbe, SaysWhatIsInThePlaceOfAFolder) {
  const albert::testing::TemporaryFolder folder;
  albert::testing::write_file(folder / "file", "");
  fs::create_symlink("gone", folder / "link");
  EXPECT_THAT(probe_folder(folder / "file/run").failure, HasSubstr("expected a folder, found a file"));
  EXPECT_THAT(probe_folder(folder / "link/run").failure, HasSubstr("is a link to gone, which is not there"));
}

TEST(FolderProbe, SaysWhyNothingCanBeWritten) {
  const Folder found = probe_folder("/proc/self");
  EXPECT_THAT(found.failure, HasSubstr("cannot create"));
}

}  // namespace
}  // namespace albert::host
