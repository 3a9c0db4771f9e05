#include "base/glob.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/log_capture.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(ExpandPatterns, EachFileIsThereOnceUnderItsFirstName) {
  const testing::TemporaryFolder folder;
  for (const char* name : {"b.txt", "a.txt", "c[1].txt"}) testing::write_file(folder / name, name);
  fs::create_symlink("a.txt", folder / "link.txt");
  const testing::LogCapture log;
  EXPECT_THAT(expand_patterns({folder / "absent", folder / "c[1].txt", folder / "[ab]*"}),
              ElementsAre(folder / "absent", folder / "c[1].txt", folder / "a.txt", folder / "b.txt"));
  EXPECT_THAT(log.text(), IsEmpty());
  EXPECT_THAT(expand_patterns({folder / "link.txt", folder / "*.txt"}),
              ElementsAre(folder / "link.txt", folder / "b.txt", folder / "c[1].txt"));
  EXPECT_THAT(log.text(), HasSubstr("a.txt is named twice; it is read once"));
}

TEST(ExpandPatterns, OneThatMatchesNothingIsNamed) {
  const testing::TemporaryFolder folder;
  EXPECT_THAT(testing::refusal<IoError>([&] { expand_patterns({folder / "*.txt"}); }),
              HasSubstr("no file or folder matches " + (folder / "*.txt").string()));
}

}  // namespace
}  // namespace albert
