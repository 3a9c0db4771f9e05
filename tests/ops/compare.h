#pragma once

#include <functional>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "ops/kernels/kernels.h"
#include "ops/ops.h"
#include "support/normal_tensor.h"

/// Comparing two forms of an operation: values and gradients.
namespace albert::ops::testing {

using Inputs = std::vector<at::Tensor>;
using Operation = std::function<at::Tensor(const Inputs&)>;

/// The largest difference that counts as equal, as a part of the norm. Both forms work in float32 inside and round
/// where results are stored; plain bfloat16 rounds intermediate results too (2^-9 each, a few in a row).
inline double tolerance(at::ScalarType type) {
  return type == at::kFloat ? 3e-6 : 1e-2;
}

/// |a - b| / max(|b|, floor) in norms; 0 for two empty tensors.
double distance(const at::Tensor& a, const at::Tensor& b, double floor = 0);

struct Outcome {
  at::Tensor value;
  Inputs gradients;  ///< of a fixed weighted sum of the value, per input that is not of integers
};

Outcome outcome_of(const Operation& operation, const Inputs& inputs);

/// Expects equal values and gradients within the tolerance of the inputs' type. A gradient that should vanish, as that
/// of the only key of a sequence, is held against the largest of the others.
void expect_equal(const Operation& one, const Operation& other, const Inputs& inputs);

/// Expects the very same bits.
void expect_identical(const Outcome& one, const Outcome& other);

/// Expects the gradient to be the slope of the value along a random direction of each float32 input.
void expect_gradient_is_slope(const Operation& operation, const Inputs& inputs);

using ::albert::testing::normal;

/// For every type, and every instruction set that this processor has.
class FormsTest : public ::testing::TestWithParam<std::tuple<at::ScalarType, kernels::InstructionSet>> {
 protected:
  void SetUp() override { kernels::use_instruction_set(std::get<1>(GetParam())); }
  void TearDown() override { kernels::use_instruction_set(kernels::best_instruction_set()); }
  at::ScalarType type() const { return std::get<0>(GetParam()); }
};

std::vector<kernels::InstructionSet> instruction_sets();
std::string form_name(const ::testing::TestParamInfo<FormsTest::ParamType>& info);

#define ALBERT_FOR_EVERY_FORM(suite)                                                                             \
  INSTANTIATE_TEST_SUITE_P(                                                                                      \
      Forms, suite,                                                                                              \
      ::testing::Combine(::testing::Values(at::kFloat, at::kBFloat16), ::testing::ValuesIn(instruction_sets())), \
      form_name)

}  // namespace albert::ops::testing
