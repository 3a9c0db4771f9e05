#include "interop/int8_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/refusal.h"

namespace albert::interop {
namespace {

Int8Check check(metrics::Figures float32, metrics::Figures int8, double points) {
  return {"dev.tsv", "f1", points, std::move(float32), std::move(int8)};
}

TEST(Int8Check, LossIsInPointsOf100WhateverTheFigureIsOf) {
  EXPECT_NEAR(check({{"f1", 0.81}}, {{"f1", 0.8}}, 100).loss(), 1, 1e-9);
  EXPECT_NEAR(check({{"f1", 81}}, {{"f1", 80}}, 1).loss(), 1, 1e-9);
  // Of 100, and small.
  EXPECT_NEAR(check({{"f1", 0.8}}, {{"f1", 0.3}}, 1).loss(), 0.5, 1e-9);
  EXPECT_NEAR(check({{"f1", 0.8}}, {{"f1", 0.9}}, 100).loss(), -10, 1e-9);
}

TEST(Int8Check, AFigureThatIsAbsentIsNotInvented) {
  const auto refusal = [](const Int8Check& made) {
    return albert::testing::refusal<ModelError>([&] { static_cast<void>(made.loss()); });
  };
  EXPECT_THAT(refusal(check({}, {{"f1", 0.5}}, 100)), ::testing::HasSubstr("f1 could not be computed in float32"));
  EXPECT_THAT(refusal(check({{"f1", 0.5}}, {}, 100)),
              ::testing::HasSubstr("f1 could not be computed in int8 on dev.tsv"));
  EXPECT_THAT(refusal(check({}, {}, 1)), ::testing::HasSubstr("what int8 loses is not known"));
}

}  // namespace
}  // namespace albert::interop
