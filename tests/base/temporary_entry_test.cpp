#include "base/temporary_entry.h"

#include <array>
#include <fstream>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/atomic_folder.h"
#include "base/error.h"
#include "base/file.h"
#include "support/temporary_folder.h"

namespace albert {
namespace {

using Kind = TemporaryEntry::Kind;

void write_folder_with_notes(const fs::path& folder) {
  fs::create_directories(folder);
  write_file_atomically(folder / "notes", "mine");
}

class Temporary : public ::testing::Test {
 protected:
  std::ptrdiff_t num_entries() const { return std::distance(fs::directory_iterator(path_), fs::directory_iterator()); }

  const testing::TemporaryFolder folder_;
  const fs::path path_ = fs::canonical(folder_.path());
};

TEST_F(Temporary, NamesSayWhatTheyAreForAndNothingElseDoes) {
  for (const char* original : {"a", "corpus.v1", ".hidden", "step-00000002"}) {
    const fs::path name = temporary_name(path_ / original, "partial");
    EXPECT_NE(name, temporary_name(path_ / original, "partial"));
    EXPECT_EQ(name.parent_path(), path_);
    const auto parsed = parse_temporary_name(name.filename().string());
    ASSERT_TRUE(parsed) << name;
    EXPECT_EQ(parsed->original, original);
    EXPECT_EQ(parsed->extension, "partial");
  }
  EXPECT_EQ(parse_temporary_name(".a.0123456789abcdef.old")->extension, "old");
  for (const char* name : {"", ".", ".a.partial", "a.0123456789abcdef.partial", ".a.0123456789abcdeg.partial",
                           ".a.0123456789abcdef.tmp", "..0123456789abcdef", ".0123456789abcdef.partial"}) {
    EXPECT_FALSE(parse_temporary_name(name)) << name;
  }
}

/// Takes entries away that are marked and not locked, as soon as they come, until the file "end" does.
void take_leftovers(const fs::path& folder, int events) {
  alignas(inotify_event) std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t size = ::read(events, buffer.data(), buffer.size());
    for (ssize_t at = 0; at < size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
      const fs::path path = folder / event->name;
      if (path.filename() == "end") return;
      const Descriptor entry(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
      struct stat status {};
      const bool is_left = ::fstat(entry.value(), &status) == 0 && (status.st_mode & S_ISVTX) != 0 &&
                           ::flock(entry.value(), LOCK_EX | LOCK_NB) == 0;
      if (is_left) fs::remove(path);
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
    }
  }
}

TEST_F(Temporary, AnEntryThatIsTakenForALeftoverBeforeItIsLockedIsMadeAnew) {
  const Descriptor events(::inotify_init1(IN_CLOEXEC));
  ASSERT_GE(::inotify_add_watch(events.value(), path_.c_str(), IN_CREATE), 0);
  std::thread other(take_leftovers, path_, events.value());
  int num_lost = 0;
  for (int i = 0; i < 100; ++i) {
    for (const Kind kind : {Kind::kFile, Kind::kFolder}) {
      const TemporaryEntry entry(path_ / "notes", kind);
      if (!fs::exists(entry.path())) ++num_lost;
    }
  }
  std::ofstream(path_ / "end").close();
  other.join();
  EXPECT_EQ(num_lost, 0);
}

TEST_F(Temporary, ANameAsLongAsTheyMayBeIsWritten) {
  const fs::path longest = path_ / std::string(255, 'n');
  write_file_atomically(longest, "1");
  EXPECT_EQ(read_file(longest), "1");
  EXPECT_EQ(num_entries(), 1);
}

/// Leaves so many descriptors, makes an entry for a folder and drops it; ends with 0 if nothing is left of it.
[[noreturn]] void write_with_descriptors(const fs::path& folder, rlim_t free) {
  const int next = ::dup(0);
  ::close(next);
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) ::_exit(2);
  const rlimit few{static_cast<rlim_t>(next) + free, limit.rlim_max};
  if (::setrlimit(RLIMIT_NOFILE, &few) != 0) ::_exit(2);
  bool is_made = true;
  try {
    const TemporaryEntry entry(folder / "a", Kind::kFolder);
  } catch (const IoError&) {
    is_made = false;
  }
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) ::_exit(3);
  ::_exit(is_made == (free > 0) && fs::is_empty(folder) ? 0 : 1);
}

using TemporaryDeathTest = Temporary;

TEST_F(TemporaryDeathTest, NothingIsLeftWhereTooManyFilesAreOpen) {
  EXPECT_EXIT(write_with_descriptors(path_, 0), ::testing::ExitedWithCode(0), "");
  EXPECT_EXIT(write_with_descriptors(path_, 1), ::testing::ExitedWithCode(0), "");
}

TEST_F(Temporary, WhatAKilledProcessLeftIsRemoved) {
  const fs::path file = temporary_name(path_ / "a", "partial");
  const fs::path folder = temporary_name(path_ / "b", "partial");
  FileWriter(file).write("half");
  fs::create_directories(folder / "inner");
  for (const fs::path& left : {file, folder}) mark_leftover(left);
  write_file_atomically(path_ / "other", "");
  EXPECT_TRUE(fs::exists(file)) << "it is one of another destination";
  write_file_atomically(path_ / "a", "1");
  EXPECT_FALSE(fs::exists(file));
  AtomicFolder(path_ / "b").commit();
  EXPECT_FALSE(fs::exists(folder));
}

TEST_F(Temporary, WhatAnotherWriterHoldsStays) {
  {
    const TemporaryEntry alive(path_ / "a", Kind::kFile);
    write_file_atomically(path_ / "a", "1");
    EXPECT_TRUE(fs::exists(alive.path()));
  }
  const TemporaryEntry alive(path_ / "b", Kind::kFolder);
  EXPECT_THROW(AtomicFolder{path_ / "b"}, UsageError);
  EXPECT_TRUE(fs::exists(alive.path()));
}

TEST_F(Temporary, NothingIsWrittenThroughALinkOrIntoWhatIsThere) {
  const fs::path precious = path_ / "precious";
  fs::create_directories(precious);
  write_file_atomically(precious / "thesis", "years");
  // The names that could once be foreseen, and one that looks as if a killed process had left it.
  for (const fs::path& name : {path_ / ".c.partial", path_ / ".c.old", temporary_name(path_ / "c", "partial")}) {
    fs::create_directory_symlink(precious, name);
  }
  for (const fs::path& name : {path_ / ".p.partial", temporary_name(path_ / "p", "partial")}) {
    fs::create_symlink(precious / "thesis", name);
  }
  AtomicFolder(path_ / "c").commit();
  AtomicFolder(path_ / "c").commit();
  write_file_atomically(path_ / "p", "predictions");
  EXPECT_EQ(read_file(precious / "thesis"), "years");
  EXPECT_EQ(read_file(path_ / "p"), "predictions");
}

TEST_F(Temporary, WhatTheUserMadeIsNotTakenForALeftover) {
  for (const fs::path& folder : {path_ / ".c.partial", temporary_name(path_ / "c", "partial")}) {
    write_folder_with_notes(folder);
    AtomicFolder(path_ / "c").commit();
    EXPECT_EQ(read_file(folder / "notes"), "mine");
  }
  const fs::path file = temporary_name(path_ / "p", "partial");
  write_file_atomically(file, "mine");
  write_file_atomically(path_ / "p", "1");
  EXPECT_EQ(read_file(file), "mine");
}

TEST_F(Temporary, WhatIsFinishedHasTheUsualPermissions) {
  write_file_atomically(path_ / "file", "1");
  AtomicFolder(path_ / "folder").commit();
  FileWriter(path_ / "usual").close();
  fs::create_directory(path_ / "usual-folder");
  EXPECT_EQ(fs::status(path_ / "file").permissions(), fs::status(path_ / "usual").permissions());
  EXPECT_EQ(fs::status(path_ / "folder").permissions(), fs::status(path_ / "usual-folder").permissions());
}

}  // namespace
}  // namespace albert
