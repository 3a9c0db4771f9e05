#include "base/joint_move.h"

#include <csignal>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/file.h"
#include "support/temporary_folder.h"

namespace albert {
namespace {

/// Two new files, of which one has an old one in its place; the second cannot be moved where `second_fails`.
void move_two(const fs::path& folder, bool second_fails) {
  write_file_atomically(folder / "old", "1");
  write_file_atomically(folder / "new1", "2");
  write_file_atomically(folder / "new2", "3");
  write_file_atomically(folder / "gone", "4");
  if (second_fails) fs::create_directories(folder / "other/full");  // a file takes no folder's place
  JointMove move(folder / "aside", /*overwrite=*/true);
  move.put(folder / "new1", folder / "old");
  move.remove(folder / "gone");
  move.put(folder / "new2", folder / "other");
  move.commit();
}

TEST(JointMove, MovesAllFiles) {
  const testing::TemporaryFolder folder;
  move_two(folder.path(), false);
  EXPECT_EQ(read_file(folder / "old"), "2");
  EXPECT_EQ(read_file(folder / "other"), "3");
  EXPECT_FALSE(fs::exists(folder / "gone"));
}

TEST(JointMove, MovesNoneWhereOneCannotBe) {
  const testing::TemporaryFolder folder;
  EXPECT_THROW(move_two(folder.path(), true), IoError);
  EXPECT_EQ(read_file(folder / "old"), "1");
  EXPECT_EQ(read_file(folder / "gone"), "4");
  EXPECT_TRUE(fs::is_directory(folder / "other/full"));
}

TEST(JointMove, ReplacesAndRemovesNothingUnlessItMay) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "new1", "1");
  write_file_atomically(folder / "new2", "2");
  write_file_atomically(folder / "there", "mine");
  for (const bool removes : {false, true}) {
    JointMove move(folder / (removes ? "aside1" : "aside2"), /*overwrite=*/false);
    move.put(folder / "new1", folder / "free");
    EXPECT_EQ(read_file(folder / "free"), "1");
    EXPECT_THROW(removes ? move.remove(folder / "there") : move.put(folder / "new2", folder / "there"), UsageError);
  }
  EXPECT_EQ(read_file(folder / "new1") + read_file(folder / "new2") + read_file(folder / "there"), "12mine");
  EXPECT_FALSE(fs::exists(folder / "free"));
}

TEST(JointMove, LeavesAPipeInItsPlace) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "new", "1");
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  JointMove move(folder / "aside", /*overwrite=*/true);
  EXPECT_THROW(move.put(folder / "new", folder / "pipe"), IoError);
  EXPECT_TRUE(fs::is_fifo(folder / "pipe"));
}

TEST(AtomicFiles, LeaveNothingWhereOneCannotTakeItsPlace) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "a", "old");
  {
    AtomicFiles files;
    files.write(folder / "a", "new");
    files.write(folder / "b", "new");
    fs::create_directories(folder / "b/full");
    EXPECT_THROW(files.commit(), IoError);
  }
  EXPECT_EQ(read_file(folder / "a"), "old");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 2);
}

std::sig_atomic_t seen = 0;

TEST(SignalDelay, HandsOutASignalAtItsEnd) {
  std::signal(SIGUSR1, [](int signal) { seen = signal; });
  seen = 0;
  {
    const SignalDelay outer;
    {
      const SignalDelay inner;
      std::raise(SIGUSR1);
    }
    EXPECT_EQ(seen, 0);
  }
  EXPECT_EQ(seen, SIGUSR1);
  seen = 0;
  { const SignalDelay none; }
  EXPECT_EQ(seen, 0);
  std::signal(SIGUSR1, SIG_DFL);
}

}  // namespace
}  // namespace albert
