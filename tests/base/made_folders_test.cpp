#include "base/made_folders.h"

#include <csignal>

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "base/temporary_entry.h"
#include "support/temporary_folder.h"

namespace albert {
namespace {

TEST(MadeFolders, RemovesWhatItMadeAndIsEmpty) {
  const testing::TemporaryFolder scratch;
  const MadeFolders made(scratch.path() / "a/b/c");
  EXPECT_TRUE(made.is_new());
  FileWriter(scratch.path() / "a/kept").close();
  made.remove_empty();
  EXPECT_FALSE(fs::exists(scratch.path() / "a/b"));
  EXPECT_TRUE(fs::exists(scratch.path() / "a/kept"));
}

TEST(MadeFoldersDeathTest, ASignalRemovesThemOnceTheTemporariesInThemAreGone) {
  const testing::TemporaryFolder scratch;
  fs::create_directory(scratch.path() / "old");
  EXPECT_EXIT(
      {
        const MadeFolders made(scratch.path() / "old/a/b");
        const MadeFolders full(scratch.path() / "full");
        FileWriter(scratch.path() / "full/kept").close();
        const TemporaryEntry entry(scratch.path() / "old/a/b/c", TemporaryEntry::Kind::kFolder);
        std::raise(SIGTERM);
      },
      ::testing::KilledBySignal(SIGTERM), "what was being written is removed");
  EXPECT_TRUE(fs::is_empty(scratch.path() / "old"));
  EXPECT_TRUE(fs::exists(scratch.path() / "full/kept"));
}

TEST(IsThere, ALinkThatLeadsNowhereIsNoAbsence) {
  const testing::TemporaryFolder scratch;
  EXPECT_FALSE(is_there(scratch.path() / "none"));
  EXPECT_FALSE(is_there(scratch.path() / "none/inside"));
  FileWriter(scratch.path() / "file").close();
  fs::create_symlink("file", scratch.path() / "good");
  fs::create_symlink("gone", scratch.path() / "bad");
  EXPECT_TRUE(is_there(scratch.path() / "good"));
  EXPECT_THROW(is_there(scratch.path() / "bad"), IoError);
}

}  // namespace
}  // namespace albert
