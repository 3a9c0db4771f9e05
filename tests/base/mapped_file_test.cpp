#include "base/mapped_file.h"

#include <cstdlib>

#include <gtest/gtest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "support/temporary_folder.h"

namespace albert {
namespace {

TEST(MappedFile, MapsWhatIsThere) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "a", "hello");
  write_file_atomically(folder / "empty", "");
  MappedFile mapped(folder / "a");
  EXPECT_EQ(mapped.bytes().size(), 5u);
  EXPECT_EQ(static_cast<char>(mapped.bytes()[1]), 'e');
  EXPECT_TRUE(MappedFile(folder / "empty").bytes().empty());
  EXPECT_THROW(MappedFile{folder.path()}, IoError);
}

TEST(MappedFileDeathTest, OneThatIsCutShortIsNamed) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "a", "hello");
  EXPECT_EXIT(
      {
        const MappedFile gone(folder / "a");
        { const MappedFile other(folder / "a"); }
        fs::resize_file(folder / "a", 0);
        std::exit(static_cast<int>(gone.bytes()[0]));
      },
      ::testing::ExitedWithCode(static_cast<int>(ExitCode::kIo)), "/a: the file was cut short while it was read");
}

}  // namespace
}  // namespace albert
