#include "tasks/common/pair_encoding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace albert::tasks {
namespace {

using ::testing::ElementsAre;

using Ids = std::vector<std::int32_t>;

TEST(PairEncoding, TheLongerTextIsCutFirst) {
  Ids first = {1, 2, 3, 4, 5}, second = {6, 7, 8};
  EXPECT_EQ(truncate_pair(first, second, 5), 3U);
  EXPECT_THAT(first, ElementsAre(1, 2, 3));
  EXPECT_THAT(second, ElementsAre(6, 7));
  EXPECT_EQ(truncate_pair(first, second, 5), 0U);
}

TEST(PairEncoding, TextsAreCutOnTheSideThatIsSaid) {
  Ids first = {1, 2, 3, 4, 5}, second = {6, 7, 8};
  EXPECT_EQ(truncate_pair(first, second, 5, CutSide::kBeginning), 3U);
  EXPECT_THAT(first, ElementsAre(3, 4, 5));
  EXPECT_THAT(second, ElementsAre(7, 8));
  Ids alone = {1, 2, 3};
  EXPECT_EQ(truncate(alone, 2, CutSide::kEnd), 1U);
  EXPECT_THAT(alone, ElementsAre(1, 2));
  EXPECT_EQ(truncate(alone, 1, CutSide::kBeginning), 1U);
  EXPECT_THAT(alone, ElementsAre(2));
}

}  // namespace
}  // namespace albert::tasks
