#include "base/durable.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/atomic_folder.h"
#include "base/error.h"
#include "base/file.h"
#include "base/link.h"
#include "base/temporary_entry.h"
#include "support/log_capture.h"
#include "support/temporary_folder.h"

namespace {

/// What this program synced, in order.
std::vector<std::filesystem::path>& synced() {
  static std::vector<std::filesystem::path> paths;
  return paths;
}

/// Those of them that were marked as temporary then.
std::vector<std::filesystem::path>& marked() {
  static std::vector<std::filesystem::path> paths;
  return paths;
}

/// The folder whose names the disk does not take any more, once it has taken them so often.
std::filesystem::path failing_folder;
int num_syncs_left = 0;
/// And then it takes no new name, either.
bool renames_fail = false;
bool knows_exchange = true;
bool knows_no_replace = true;

bool has_failed() {
  return !failing_folder.empty() && num_syncs_left < 0;
}

bool is_marked(const std::filesystem::path& path) {
  return (std::filesystem::status(path).permissions() & std::filesystem::perms::sticky_bit) !=
         std::filesystem::perms::none;
}

}  // namespace

// Takes the place of the C library's function in this program.
// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): the library's is reserved
extern "C" int fsync(int descriptor) {
  synced().push_back(std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(descriptor)));
  if (is_marked(synced().back())) marked().push_back(synced().back());
  if (synced().back() != failing_folder || --num_syncs_left >= 0) {
    return static_cast<int>(::syscall(SYS_fsync, descriptor));
  }
  errno = EIO;
  return -1;
}

// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): the library's is reserved
extern "C" int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) noexcept {
  if (has_failed() && renames_fail) {
    errno = EIO;
    return -1;
  }
  if ((flags == RENAME_EXCHANGE && !knows_exchange) || (flags == RENAME_NOREPLACE && !knows_no_replace)) {
    errno = EINVAL;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
}

namespace albert {
namespace {

using ::testing::ElementsAre;
using ::testing::Eq;

/// A temporary name for a destination.
auto is_temporary(const char* original) {
  return ::testing::Truly([original](const fs::path& path) {
    const auto name = parse_temporary_name(path.filename().string());
    return name && name->original == original;
  });
}

class Durable : public ::testing::Test {
 public:
  Durable() {
    synced().clear();
    marked().clear();
  }
  ~Durable() override {
    failing_folder.clear();
    renames_fail = false;
    knows_exchange = true;
    knows_no_replace = true;
  }

 protected:
  /// Replaces a folder on a disk that fails.
  void replace_in_vain(int num_good_syncs) const {
    AtomicFolder attempt(path_ / "out");
    write_file_atomically(attempt.temporary() / "a", "new");
    num_syncs_left = num_good_syncs;
    failing_folder = path_;
    EXPECT_THROW(attempt.commit(), IoError);
  }
  std::ptrdiff_t num_entries() const { return std::distance(fs::directory_iterator(path_), fs::directory_iterator()); }

  const testing::TemporaryFolder folder_;
  const fs::path path_ = fs::canonical(folder_.path());
};

TEST_F(Durable, AFileIsSyncedBeforeItGetsItsNameAndItsFolderAfterwards) {
  write_file_atomically(path_ / "a", "1");
  EXPECT_THAT(synced(), ElementsAre(is_temporary("a"), Eq(path_)));
}

TEST_F(Durable, AFileThatIsReplacedTooAndItsPermissions) {
  write_file_atomically(path_ / "a", "1");
  fs::permissions(path_ / "a", fs::perms::owner_all);
  synced().clear();
  write_file_atomically(path_ / "a", "2");
  EXPECT_THAT(synced(), ElementsAre(is_temporary("a"), is_temporary("a"), Eq(path_)));
}

TEST_F(Durable, AFolderIsSyncedWithAllInItAndTheFolderThatHoldsIt) {
  for (const char* content : {"new", "replaced"}) {
    AtomicFolder attempt(path_ / "out");
    fs::create_directory(attempt.temporary() / "inner");
    FileWriter(attempt.temporary() / "inner/a").write(content);
    const fs::path temporary = attempt.temporary();
    synced().clear();
    attempt.commit();
    EXPECT_THAT(synced(), ElementsAre(temporary / "inner", temporary / "inner/a", temporary, path_)) << content;
  }
}

TEST_F(Durable, WhatWasThereStaysWhereTheDiskDoesNotTakeItsReplacement) {
  fs::create_directory(path_ / "out");
  write_file_atomically(path_ / "out/a", "old");
  for (const auto& [exchanges, num_good_syncs] : {std::pair(true, 0), {false, 0}, {false, 1}, {false, 2}}) {
    knows_exchange = exchanges;
    replace_in_vain(num_good_syncs);
    EXPECT_EQ(read_file(path_ / "out/a"), "old") << exchanges << num_good_syncs;
    EXPECT_EQ(num_entries(), 1) << exchanges << num_good_syncs;
  }
}

TEST_F(Durable, WhatCannotBePutBackIsNotRemoved) {
  const testing::LogCapture log;
  fs::create_directory(path_ / "out");
  write_file_atomically(path_ / "out/a", "old");
  renames_fail = true;
  replace_in_vain(0);
  EXPECT_EQ(read_file(path_ / "out/a"), "new");
  ASSERT_EQ(num_entries(), 2);
  for (const auto& entry : fs::directory_iterator(path_)) {
    if (entry.path() == path_ / "out") continue;
    EXPECT_THAT(entry.path(), is_temporary("out"));
    EXPECT_EQ(read_file(entry.path() / "a"), "old");
    EXPECT_FALSE(is_marked(entry.path())) << "or the next one that writes the folder would remove it";
    EXPECT_THAT(log.text(), ::testing::HasSubstr("what lay there is " + entry.path().string()));
  }
}

TEST_F(Durable, WhatIsWrittenIsMarkedUntilItHasItsName) {
  write_file_atomically(path_ / "a", "1");
  fs::permissions(path_ / "a", fs::perms::owner_all);
  write_file_atomically(path_ / "a", "2");
  for (int i = 0; i < 2; ++i) AtomicFolder(path_ / "out").commit();
  EXPECT_THAT(marked(), ElementsAre(is_temporary("a"), is_temporary("a"), is_temporary("a"), is_temporary("out"),
                                    is_temporary("out")));
  EXPECT_FALSE(is_marked(path_ / "a") || is_marked(path_ / "out"));
}

TEST_F(Durable, ALinkIsReplacedAndItsFolderSynced) {
  for (const char* target : {"a", "b"}) {
    synced().clear();
    replace_link(path_ / "link", target);
    EXPECT_EQ(fs::read_symlink(path_ / "link"), target);
    EXPECT_THAT(synced(), ElementsAre(path_));
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(path_), fs::directory_iterator()), 1);
}

TEST_F(Durable, AFreeNameIsTakenAndNothingReplaced) {
  for (const bool is_known : {true, false}) {
    knows_no_replace = is_known;
    write_file_atomically(path_ / "new", "new");
    write_file_atomically(path_ / "old", "old");
    fs::create_symlink("nowhere", path_ / "link");
    fs::create_directory(path_ / "folder");
    for (const char* taken : {"old", "link"}) EXPECT_FALSE(rename_to_free_name(path_ / "new", path_ / taken));
    EXPECT_FALSE(rename_to_free_name(path_ / "folder", path_ / "old"));
    EXPECT_EQ(read_file(path_ / "old") + read_file(path_ / "new"), "oldnew");
    EXPECT_TRUE(rename_to_free_name(path_ / "new", path_ / "free"));
    EXPECT_TRUE(rename_to_free_name(path_ / "folder", path_ / "free folder"));
    EXPECT_EQ(read_file(path_ / "free"), "new");
    EXPECT_TRUE(fs::is_directory(path_ / "free folder"));
    EXPECT_FALSE(fs::exists(path_ / "new") || fs::exists(path_ / "folder"));
    EXPECT_THROW(rename_to_free_name(path_ / "absent", path_ / "b"), IoError);
    for (const auto& entry : fs::directory_iterator(path_)) fs::remove_all(entry.path());
  }
}

TEST_F(Durable, ARenameThatFailsNamesBoth) {
  try {
    rename_durably(path_ / "absent", path_ / "b");
    FAIL() << "no error";
  } catch (const IoError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("absent"));
    EXPECT_THAT(error.what(), ::testing::HasSubstr("No such file"));
  }
}

}  // namespace
}  // namespace albert
