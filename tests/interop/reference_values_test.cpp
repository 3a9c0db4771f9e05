#include "interop/reference_values.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/refusal.h"

namespace albert::interop {
namespace {

using ::testing::HasSubstr;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

std::string refusal(const std::vector<ReferenceOutput>& found) {
  const std::vector<ReferenceOutput> expected = {{"logits", {1, 3}, {1, -2, kNaN}}};
  return albert::testing::refusal<ModelError>([&] { largest_difference(expected, found); });
}

TEST(LargestDifference, IsThatOfWhatIsExpected) {
  const std::vector<ReferenceOutput> expected = {{"logits", {1, 3}, {1, -2, kNaN}}, {"cls", {1}, {4}}};
  EXPECT_DOUBLE_EQ(largest_difference(expected, expected), 0);
  // Padding counts as little as outputs that were not asked for.
  EXPECT_DOUBLE_EQ(
      largest_difference(expected, {{"cls", {1}, {4.25}}, {"logits", {1, 3}, {1, -2.5, 1e9F}}, {"other", {1}, {9}}}),
      0.5);
}

TEST(LargestDifference, WhatIsNoNumberIsRefused) {
  EXPECT_THAT(refusal({{"logits", {1, 3}, {kNaN, -2, 0}}}), HasSubstr("logits: expected finite numbers, found nan"));
  EXPECT_THAT(refusal({{"logits", {1, 3}, {1, std::numeric_limits<float>::infinity(), 0}}}), HasSubstr("found inf"));
}

TEST(LargestDifference, AnotherShapeIsRefused) {
  EXPECT_THAT(refusal({{"logits", {3, 1}, {1, -2, 0}}}), HasSubstr("logits: expected the shape [1, 3], found [3, 1]"));
  EXPECT_THAT(refusal({{"logits", {1, 4}, {1, -2, 0, 0}}}), HasSubstr("found [1, 4]"));
  EXPECT_THAT(refusal({{"scores", {1, 3}, {1, -2, 0}}}), HasSubstr("expected the output logits"));
}

}  // namespace
}  // namespace albert::interop
