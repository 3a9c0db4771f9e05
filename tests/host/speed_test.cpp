#include "host/speed.h"

#include <chrono>

#include <gtest/gtest.h>

#include "host/examine.h"

namespace albert::host {
namespace {

TEST(ProductSpeed, IsMeasuredInBothTypes) {
  const Speed speed = measure_products(c10::kCPU, std::chrono::milliseconds(10));
  EXPECT_GT(speed.float32, 1e8);  // a thousandth of a laptop's
  EXPECT_GT(speed.bfloat16, 1e7);
  EXPECT_LT(speed.float32, 1e15);
  EXPECT_LT(speed.bfloat16, 1e15);
  EXPECT_GT(speed.int8, 1e7);
  EXPECT_LT(speed.int8, 1e15);
}

TEST(ExamineHost, KnowsWhereLibTorchIs) {
  const Facts facts = examine_host({});
  EXPECT_TRUE(std::filesystem::exists(facts.libtorch.path)) << facts.libtorch.path;
  EXPECT_NE(facts.libtorch.version, "");
  EXPECT_NE(facts.libtorch.capability, "");
  EXPECT_FALSE(facts.folder);
}

}  // namespace
}  // namespace albert::host
