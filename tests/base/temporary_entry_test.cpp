#include "base/temporary_entry.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

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

TEST_F(Temporary, ANameAsLongAsTheyMayBeIsWritten) {
  const fs::path longest = path_ / std::string(255, 'n');
  write_file_atomically(longest, "1");
  EXPECT_EQ(read_file(longest), "1");
  EXPECT_EQ(num_entries(), 1);
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
