#include "base/link.h"

#include <cerrno>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "support/temporary_folder.h"

namespace {

bool has_symbolic_links = true;

}  // namespace

// Takes the place of the C library's function in this program.
// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): the library's own names are reserved ones
extern "C" int symlink(const char* target, const char* path) noexcept {
  if (has_symbolic_links) return static_cast<int>(::syscall(SYS_symlinkat, target, AT_FDCWD, path));
  errno = EPERM;  // as a FAT file system answers
  return -1;
}

namespace albert {
namespace {

/// With symbolic links, and without them.
class Link : public ::testing::TestWithParam<bool> {
 public:
  Link() { has_symbolic_links = GetParam(); }
  ~Link() override { has_symbolic_links = true; }

 protected:
  const testing::TemporaryFolder folder_;
};

TEST_P(Link, LeadsToTheFolderThatItWasPointedAtLast) {
  for (const char* target : {"step-1", "step-2"}) {
    fs::create_directory(folder_ / target);
    replace_link(folder_ / "latest", target);
    EXPECT_EQ(read_link(folder_ / "latest"), fs::path(target));
    EXPECT_TRUE(fs::equivalent(follow_link(folder_ / "latest"), folder_ / target));
  }
  EXPECT_EQ(fs::is_symlink(folder_ / "latest"), GetParam());
  require_links(folder_ / "latest");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()), 3);
}

TEST_P(Link, WhatCannotTakeItsPlaceLeavesNothing) {
  fs::create_directories(folder_ / "latest/inner");
  EXPECT_THROW(replace_link(folder_ / "latest", "step-1"), IoError);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()), 1);
}

INSTANTIATE_TEST_SUITE_P(FileSystems, Link, ::testing::Bool());

TEST(ReadLink, AFileOfAnotherContentIsNone) {
  const testing::TemporaryFolder folder;
  fs::create_directory(folder / "inner");
  for (const char* content : {"", "\n", ".", "..", "inner/", "inner\nmore"}) {
    write_file_atomically(folder / "file", content);
    EXPECT_FALSE(read_link(folder / "file")) << content;
    EXPECT_EQ(follow_link(folder / "file"), folder / "file");
  }
  write_file_atomically(folder / "file", "absent");
  EXPECT_EQ(follow_link(folder / "file"), folder / "file");
  EXPECT_FALSE(read_link(folder / "inner"));
  EXPECT_FALSE(read_link(folder / "absent"));
}

TEST(RequireLinks, AFolderThatTakesNoneIsAnError) {
  EXPECT_THROW(require_links("/proc/link"), IoError);
}

}  // namespace
}  // namespace albert
