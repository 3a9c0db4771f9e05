#include "base/hash.h"

#include <bit>
#include <set>

#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>

#include "base/checksum.h"

namespace albert {
namespace {

TEST(Hash, IsThatOfXxh3) {
  EXPECT_EQ(hash64_of(""), 0x2D06800538D394C2u);  // of the reference implementation, without a seed
  EXPECT_NE(hash64_of("a"), hash64_of("b"));
  for (const char* text : {"", "a", "A text of a few words."}) {
    const Hash128 hash = hash128_of(text);
    EXPECT_EQ(fmt::format("{:016x}{:016x}", hash.high, hash.low), checksum_of(text));
  }
}

TEST(Hash, MixedNumbersDifferInHalfOfTheirBits) {
  std::set<std::uint64_t> values;
  int different = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    values.insert(mixed(i));
    different += std::popcount(mixed(i) ^ mixed(i + 1));
  }
  EXPECT_EQ(values.size(), 1000u);
  EXPECT_NEAR(different / 1000.0, 32, 1);
}

}  // namespace
}  // namespace albert
