#include "interop/half.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include <c10/util/Half.h>
#include <gtest/gtest.h>

namespace albert::interop {
namespace {

std::uint16_t of_pytorch(float value) {
  return c10::Half(value).x;
}

TEST(ToHalf, RoundsAsPyTorch) {
  std::mt19937 random(1);  // NOLINT(bugprone-random-generator-seed): the same numbers every time
  for (int i = 0; i < 1'000'000; ++i) {
    const auto bits = static_cast<std::uint32_t>(random());
    const auto value = std::bit_cast<float>(bits);
    if (std::isnan(value)) continue;
    ASSERT_EQ(to_half(value), of_pytorch(value)) << value;
  }
}

TEST(ToHalf, EveryHalfIsItself) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const c10::Half half(static_cast<std::uint16_t>(bits), c10::Half::from_bits());
    const auto value = static_cast<float>(half);
    if (std::isnan(value)) continue;
    ASSERT_EQ(to_half(value), bits);
  }
}

TEST(ToHalf, TiesGoToTheEvenOneAndTooLargeOnesToInfinity) {
  for (const float value :
       {65504.0F, 65519.99F, 65520.0F, 1e30F, 1.0F + 0x1p-11F, 1.0F + 3 * 0x1p-11F, 0x1p-25F, 0x1.8p-25F, -0.0F}) {
    EXPECT_EQ(to_half(value), of_pytorch(value)) << value;
  }
  EXPECT_EQ(to_half(std::numeric_limits<float>::quiet_NaN()) & 0x7E00U, 0x7E00U);
}

}  // namespace
}  // namespace albert::interop
