#include "base/atomic_folder.h"

#include <atomic>
#include <cerrno>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/file.h"
#include "base/temporary_entry.h"
#include "support/current_folder.h"
#include "support/log_capture.h"
#include "support/temporary_folder.h"

namespace {

bool removal_fails = false;

}  // namespace

// Takes the place of the C library's function in this program.
// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): the library's own names are reserved ones
extern "C" int unlinkat(int folder, const char* path, int flags) noexcept {
  if (!removal_fails) return static_cast<int>(::syscall(SYS_unlinkat, folder, path, flags));
  errno = EACCES;  // as for what lies in a folder that is not to be written to
  return -1;
}

namespace albert {
namespace {

TEST(AtomicFolder, AppearsOnCommitOnly) {
  const testing::TemporaryFolder folder;
  {
    AtomicFolder attempt(folder / "out");
    write_file_atomically(attempt.temporary() / "a", "1");
  }
  { const AtomicFolder deeper(folder / "a/b/out"); }
  EXPECT_THROW(AtomicFolder{folder / "new" / std::string(300, 'n') / "out"}, IoError);
  EXPECT_TRUE(fs::is_empty(folder.path()));
  for (const std::string content : {"1", "2"}) {
    AtomicFolder attempt(folder / "out/");
    write_file_atomically(attempt.temporary() / "a", content);
    attempt.commit();
    EXPECT_EQ(read_file(folder / "out/a"), content);
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

TEST(AtomicFolder, WhatComesIntoTheOutputMeanwhileStays) {
  const auto is_foreign = [](const fs::path& path) { return fs::exists(path / "a") ? "" : "it has no a"; };
  for (const bool was_there : {false, true}) {  // as an empty folder
    const testing::TemporaryFolder folder;
    const fs::path out = folder / "out";
    if (was_there) fs::create_directory(out);
    AtomicFolder attempt({out, /*overwrite=*/true, "corpus", is_foreign});
    write_file_atomically(attempt.temporary() / "a", "1");
    fs::create_directory(out);
    write_file_atomically(out / "thesis.txt", "precious");
    EXPECT_THROW(attempt.commit(), UsageError);
    EXPECT_EQ(read_file(out / "thesis.txt"), "precious");
    EXPECT_FALSE(fs::exists(out / "a"));
  }
}

/// Between the last look at the output and its replacement, too.
TEST(AtomicFolder, WhatComesInTheLastMomentIsGivenBack) {
  const testing::TemporaryFolder folder;
  const fs::path out = folder / "out";
  fs::create_directory(out);
  int looks = 0;
  const auto is_foreign = [&](const fs::path& path) {
    ++looks;
    if (looks == 2) write_file_atomically(out / "thesis.txt", "precious");
    return fs::exists(path / "thesis.txt") && looks > 2 ? "it holds thesis.txt" : "";
  };
  write_file_atomically(out / "a", "1");
  {
    AtomicFolder attempt({out, /*overwrite=*/true, "corpus", is_foreign});
    write_file_atomically(attempt.temporary() / "a", "2");
    EXPECT_THROW(attempt.commit(), UsageError);
  }
  EXPECT_EQ(looks, 3);
  EXPECT_EQ(read_file(out / "thesis.txt"), "precious");
  EXPECT_EQ(read_file(out / "a"), "1");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

TEST(AtomicFolder, ANameIsOneInTheCurrentFolder) {
  const testing::TemporaryFolder folder;
  const testing::CurrentFolder here(folder.path());
  AtomicFolder("out").commit();
  AtomicFolder("./new/out").commit();
  write_file_atomically("file", "1");
  EXPECT_TRUE(fs::is_directory(folder / "out") && fs::is_directory(folder / "new/out"));
  EXPECT_EQ(read_file(folder / "file"), "1");
}

TEST(AtomicFolder, HasOneWriterAtATime) {
  const testing::TemporaryFolder folder;
  {
    AtomicFolder first(folder / "out");
    write_file_atomically(first.temporary() / "a", "1");
    EXPECT_THROW(AtomicFolder{folder / "out"}, UsageError);
    EXPECT_EQ(read_file(first.temporary() / "a"), "1") << "the second has left the first one's files alone";
    first.commit();
    AtomicFolder next(folder / "out");
    EXPECT_TRUE(fs::is_empty(next.temporary()));
  }
  const fs::path left = temporary_name(folder / "out", "partial");
  fs::create_directories(left / "inner");  // by a process that was killed
  fs::permissions(left, fs::perms::sticky_bit, fs::perm_options::add);
  const AtomicFolder after(folder / "out");
  EXPECT_FALSE(fs::exists(left));
}

TEST(AtomicFolder, HasOneWriterHoweverManyBeginAtOnce) {
  const testing::TemporaryFolder folder;
  constexpr int kRounds = 200;
  std::atomic<int> num_writers = 0;
  std::atomic<int> num_broken = 0;
  std::atomic<int> num_refused = 0;
  const auto write_many = [&] {
    for (int i = 0; i < kRounds; ++i) {
      try {
        const AtomicFolder attempt(folder / "out");
        if (++num_writers != 1 || !fs::exists(attempt.temporary())) ++num_broken;
        std::this_thread::yield();
        if (!fs::exists(attempt.temporary())) ++num_broken;
        --num_writers;
      } catch (const UsageError&) {
        ++num_refused;  // the other one is writing
      }
    }
  };
  {
    const std::jthread one(write_many);
    const std::jthread other(write_many);
  }
  EXPECT_EQ(num_broken, 0);
  EXPECT_LT(num_refused, 2 * kRounds) << "or the test shows nothing";
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(AtomicFolder, WhatAppearsMeanwhileIsNotReplaced) {
  const testing::TemporaryFolder folder;
  for (const char* content : {"", "notes"}) {
    AtomicFolder attempt(folder / "out");
    fs::create_directories(folder / "out" / content);
    EXPECT_THROW(attempt.commit(), UsageError);
    EXPECT_TRUE(fs::exists(folder / "out" / content));
    fs::remove_all(folder / "out");
  }
}

TEST(AtomicFolder, AnOldFolderThatStaysIsNoFailure) {
  const testing::TemporaryFolder folder;
  const testing::LogCapture log;
  fs::create_directories(folder / "out/old");
  {
    AtomicFolder attempt(folder / "out");
    write_file_atomically(attempt.temporary() / "a", "1");
    removal_fails = true;
    EXPECT_NO_THROW(attempt.commit());
    removal_fails = false;
  }
  EXPECT_EQ(read_file(folder / "out/a"), "1");
  EXPECT_THAT(log.text(), ::testing::HasSubstr("what it replaces could not be removed"));
  { const AtomicFolder next(folder / "out"); }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1) << "it is removed then";
}

TEST(AtomicFolder, ALinkStaysAndItsTargetIsReplaced) {
  const testing::TemporaryFolder folder;
  fs::create_directories(folder / "disk/out");
  fs::create_directory_symlink(folder / "disk/out", folder / "link");
  AtomicFolder attempt(folder / "link");
  EXPECT_EQ(attempt.temporary().parent_path(), fs::canonical(folder / "disk"));
  write_file_atomically(attempt.temporary() / "a", "1");
  attempt.commit();
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(read_file(folder / "disk/out/a"), "1");
}

TEST(AtomicFolder, TheCurrentFolderIsRefusedAtOnce) {
  EXPECT_THROW(AtomicFolder{"."}, UsageError);
  EXPECT_THROW(AtomicFolder{fs::current_path()}, UsageError);
  EXPECT_THROW(AtomicFolder{"/proc"}, UsageError) << "a mounted file system";
}

TEST(AtomicFolder, WhatIsReplacedKeepsItsPermissions) {
  const testing::TemporaryFolder folder;
  constexpr auto kPrivate = fs::perms::owner_all;
  fs::create_directories(folder / "out/inner");
  write_file_atomically(folder / "out/inner/a", "1");
  for (const char* name : {"out", "out/inner", "out/inner/a"}) fs::permissions(folder / name, kPrivate);
  AtomicFolder attempt(folder / "out");
  fs::create_directories(attempt.temporary() / "inner");
  write_file_atomically(attempt.temporary() / "inner/a", "2");
  write_file_atomically(attempt.temporary() / "inner/b", "new");
  attempt.commit();
  for (const char* name : {"out", "out/inner", "out/inner/a"}) {
    EXPECT_EQ(fs::status(folder / name).permissions(), kPrivate) << name;
  }
  EXPECT_NE(fs::status(folder / "out/inner/b").permissions(), kPrivate);
  EXPECT_EQ(read_file(folder / "out/inner/a"), "2");
}

}  // namespace
}  // namespace albert
