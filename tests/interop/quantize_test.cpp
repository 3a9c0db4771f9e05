#include "interop/quantize.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace albert::interop {
namespace {

using ::testing::ElementsAre;

TEST(QuantizeRows, TheLargestOfEachRowBecomesTheLargestNumber) {
  const std::vector<float> matrix = {1, -2, 0.5F, 0, 0, 0, 0.001F, 0.002F, -0.004F};
  const QuantizedRows rows = quantize_rows({{3, 3}, matrix});
  EXPECT_THAT(rows.values, ElementsAre(64, -127, 32, 0, 0, 0, 32, 64, -127));
  EXPECT_FLOAT_EQ(rows.scales[0], 2.0F / 127);
  EXPECT_EQ(rows.scales[1], 1);
  EXPECT_FLOAT_EQ(rows.scales[2], 0.004F / 127);
}

TEST(QuantizeRows, IsWithinHalfAStepOfTheMatrix) {
  std::vector<float> matrix;
  for (int i = 0; i < 4096; ++i) matrix.push_back(std::sin(static_cast<float>(i * i)));
  for (const int largest : {127, 63}) {
    const QuantizedRows rows = quantize_rows({{64, 64}, matrix}, largest);
    for (std::size_t i = 0; i < matrix.size(); ++i) {
      EXPECT_LE(std::abs(rows.values[i]), largest);
      EXPECT_NEAR(matrix[i], rows.scales[i / 64] * static_cast<float>(rows.values[i]), 0.5001 * rows.scales[i / 64]);
    }
  }
}

}  // namespace
}  // namespace albert::interop
