#include "tasks/common/excerpt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace albert::tasks {
namespace {

using ::testing::EndsWith;
using ::testing::Lt;
using ::testing::SizeIs;

TEST(Excerpt, ShowsTheBeginningOfWhatIsLong) {
  EXPECT_EQ(excerpt("short", 5), "short");
  EXPECT_EQ(excerpt("longer", 5), "longe...");
  EXPECT_EQ(excerpt("\u00e9\u00e9\u00e9", 3), "\u00e9...") << "a character is whole or absent";
}

TEST(Excerpt, AListEndsWhereItIsLong) {
  EXPECT_EQ(listed(std::vector<std::string>{"a", "b"}), "'a', 'b'");
  const std::vector<std::string> many(1000, std::string(1000, 'x'));
  EXPECT_THAT(listed(many), EndsWith("... (1000 in all)"));
  EXPECT_THAT(listed(many), SizeIs(Lt(200U)));
  EXPECT_THAT(listed(std::vector<std::string>(30, "")), EndsWith("'' ... (30 in all)"));
}

}  // namespace
}  // namespace albert::tasks
