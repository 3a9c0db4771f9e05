#include "base/mapped_file.h"

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

}  // namespace
}  // namespace albert
