#include "base/random.h"

#include <cmath>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace albert {
namespace {

// Known answers of the Random123 distribution, file kat_vectors, "philox4x32 10".
TEST(Philox, KnownAnswers) {
  EXPECT_EQ(philox(0, {0, 0, 0, 0}), (std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox(0xffffffffffffffff, {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}),
            (std::array<std::uint32_t, 4>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox(0x299f31d0a4093822, {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}),
            (std::array<std::uint32_t, 4>{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, DependsOnKeyAndIndexOnly) {
  Random first(random_key(1, {2}), 3);
  Random again(random_key(1, {2}), 3);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(first.next(), again.next());
  EXPECT_NE(Random(random_key(1, {2}), 3).next(), Random(random_key(1, {2}), 4).next());
  EXPECT_NE(Random(random_key(1, {2}), 3).next(), Random(random_key(1, {3}), 3).next());
  EXPECT_NE(random_key(1, {2, 3}), random_key(1, {3, 2}));
}

TEST(Random, BelowIsUniform) {
  constexpr int kDraws = 60000;
  std::vector<int> counts(6);
  Random random(random_key(7, {}), 0);
  for (int i = 0; i < kDraws; ++i) ++counts[random.below(6)];
  double chi_squared = 0;
  for (const int count : counts) chi_squared += std::pow(count - kDraws / 6.0, 2) / (kDraws / 6.0);
  EXPECT_LT(chi_squared, 20.5);  // 5 degrees of freedom, p = 0.001
}

TEST(Random, NormalHasUnitVariance) {
  Random random(random_key(7, {}), 1);
  double sum = 0;
  double squares = 0;
  constexpr int kDraws = 40000;
  for (int i = 0; i < kDraws; ++i) {
    const double x = random.normal();
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / kDraws, 0, 0.02);
  EXPECT_NEAR(squares / kDraws, 1, 0.03);
}

class PermutationOfSize : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(PermutationOfSize, VisitsEveryIndexOnce) {
  const Permutation permutation(random_key(5, {GetParam()}), GetParam());
  std::set<std::uint64_t> seen;
  for (std::uint64_t i = 0; i < GetParam(); ++i) seen.insert(permutation(i));
  EXPECT_EQ(seen.size(), GetParam());
  if (GetParam() > 0) {
    EXPECT_EQ(*seen.rbegin(), GetParam() - 1);
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, PermutationOfSize, ::testing::Values(0, 1, 2, 3, 4, 5, 16, 17, 1000, 4097));

TEST(Permutation, MovesNeighboursApart) {
  const Permutation permutation(random_key(5, {}), 10000);
  int adjacent = 0;
  for (std::uint64_t i = 0; i + 1 < 10000; ++i) {
    const auto a = static_cast<std::int64_t>(permutation(i));
    const auto b = static_cast<std::int64_t>(permutation(i + 1));
    if (std::abs(a - b) <= 1) ++adjacent;
  }
  EXPECT_LT(adjacent, 15);  // two expected
}

}  // namespace
}  // namespace albert
