#include "base/counted.h"

#include <cstdint>

#include <gtest/gtest.h>

namespace albert {
namespace {

TEST(Counted, OneIsNoPlural) {
  EXPECT_EQ(counted(0, "file"), "0 files");
  EXPECT_EQ(counted(1, "file"), "1 file");
  EXPECT_EQ(counted(std::int64_t{12}, "file"), "12 files");
  EXPECT_EQ(counted(std::size_t{1}, "micro-batch", "micro-batches"), "1 micro-batch");
  EXPECT_EQ(counted(std::size_t{2}, "micro-batch", "micro-batches"), "2 micro-batches");
}

TEST(Percent, HasTheDigitsThatTellSomething) {
  EXPECT_EQ(percent(0), "0%");
  EXPECT_EQ(percent(0.000'001), "less than 0.001%");
  EXPECT_EQ(percent(0.000'32), "0.032%");
  EXPECT_EQ(percent(0.047), "4.7%");
  EXPECT_EQ(percent(0.9999), "100%");
}

TEST(Grouped, DigitsInThrees) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(std::uint64_t{1'000}), "1,000");
  EXPECT_EQ(grouped(std::int64_t{11'813'810}), "11,813,810");
}

}  // namespace
}  // namespace albert
