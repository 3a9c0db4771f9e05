#include "interop/quantize.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/refusal.h"

namespace albert::interop {
namespace {

using ::testing::ElementsAre;

TEST(QuantizeRows, TheLargestOfEachRowBecomesTheLargestNumber) {
  const std::vector<float> matrix = {1, -2, 0.5F, 0, 0, 0, 0.001F, 0.002F, -0.004F};
  const QuantizedRows rows = quantize_rows("w", {{3, 3}, matrix});
  EXPECT_THAT(rows.values, ElementsAre(64, -127, 32, 0, 0, 0, 32, 64, -127));
  EXPECT_FLOAT_EQ(rows.scales[0], 2.0F / 127);
  EXPECT_EQ(rows.scales[1], 1);
  EXPECT_FLOAT_EQ(rows.scales[2], 0.004F / 127);
}

TEST(QuantizeRows, RowsOfTheSmallestNumbersAreZeros) {
  const float smallest = std::numeric_limits<float>::denorm_min();
  const std::vector<float> matrix = {smallest, -smallest, 0, 100 * smallest};
  const QuantizedRows rows = quantize_rows("w", {{2, 2}, matrix});
  EXPECT_THAT(rows.values[0], 0);
  EXPECT_THAT(rows.scales, ::testing::Each(::testing::Gt(0)));
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    EXPECT_NEAR(rows.scales[i / 2] * static_cast<float>(rows.values[i]), matrix[i], 127 * smallest);
  }
}

TEST(QuantizeRows, NumbersThatAreNotFiniteAreRefusedByName) {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    const std::vector<float> matrix = {1, bad};
    EXPECT_THAT(albert::testing::refusal<ModelError>([&] {
                  quantize_rows("albert.pooler.weight", {{1, 2}, matrix});
                }),
                ::testing::HasSubstr("albert.pooler.weight: expected finite numbers"));
  }
}

TEST(QuantizeRows, IsWithinHalfAStepOfTheMatrix) {
  std::vector<float> matrix;
  for (int i = 0; i < 4096; ++i) matrix.push_back(std::sin(static_cast<float>(i * i)));
  for (const int largest : {127, 63}) {
    const QuantizedRows rows = quantize_rows("w", {{64, 64}, matrix}, largest);
    for (std::size_t i = 0; i < matrix.size(); ++i) {
      EXPECT_LE(std::abs(rows.values[i]), largest);
      EXPECT_NEAR(matrix[i], rows.scales[i / 64] * static_cast<float>(rows.values[i]), 0.5001 * rows.scales[i / 64]);
    }
  }
}

}  // namespace
}  // namespace albert::interop
