#include "base/release_memory.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace albert {
namespace {

TEST(ReleaseMemory, GivesBackWhatAContainerHolds) {
  std::vector<int> numbers(10'000, 7);
  release_memory(numbers);
  EXPECT_TRUE(numbers.empty());
  EXPECT_EQ(numbers.capacity(), 0u);
  std::string text(10'000, 'x');
  release_memory(text);
  EXPECT_TRUE(text.empty());
  EXPECT_LT(text.capacity(), 100u);
}

}  // namespace
}  // namespace albert
