#include "ops/compare.h"

namespace albert::ops::testing {

double distance(const at::Tensor& a, const at::Tensor& b, double floor) {
  if (a.sizes() != b.sizes()) return std::numeric_limits<double>::infinity();
  if (b.numel() == 0) return 0;
  const auto difference = (a.to(at::kDouble) - b.to(at::kDouble)).norm().item<double>();
  const auto norm = b.to(at::kDouble).norm().item<double>();
  return difference == 0 ? 0 : difference / std::max(norm, floor);
}

Outcome outcome_of(const Operation& operation, const Inputs& inputs) {
  Inputs leaves;
  for (const at::Tensor& input : inputs)
    leaves.push_back(input.detach().clone().requires_grad_(input.is_floating_point()));
  Outcome outcome{operation(leaves), {}};
  const at::Tensor weights = normal(outcome.value.sizes(), at::kFloat, 99);
  (outcome.value.to(at::kFloat) * weights).sum().backward();
  for (const at::Tensor& leaf : leaves) {
    if (!leaf.is_floating_point()) continue;
    outcome.gradients.push_back(leaf.grad().defined() ? leaf.grad() : at::zeros_like(leaf));
  }
  outcome.value = outcome.value.detach();
  return outcome;
}

void expect_equal(const Operation& one, const Operation& other, const Inputs& inputs) {
  const Outcome a = outcome_of(one, inputs);
  const Outcome b = outcome_of(other, inputs);
  EXPECT_EQ(a.value.scalar_type(), b.value.scalar_type());
  at::ScalarType type = at::kFloat;
  for (const at::Tensor& input : inputs) type = input.scalar_type() == at::kBFloat16 ? at::kBFloat16 : type;
  EXPECT_LE(distance(a.value, b.value), tolerance(type)) << "values";
  double largest = 0;
  for (const at::Tensor& gradient : b.gradients) largest = std::max(largest, gradient.norm().item<double>());
  for (std::size_t i = 0; i < a.gradients.size(); ++i) {
    EXPECT_EQ(a.gradients[i].scalar_type(), b.gradients[i].scalar_type());
    EXPECT_LE(distance(a.gradients[i], b.gradients[i], 0.3 * largest), tolerance(type)) << "gradient " << i;
  }
}

void expect_identical(const Outcome& one, const Outcome& other) {
  EXPECT_TRUE(at::equal(one.value, other.value));
  ASSERT_EQ(one.gradients.size(), other.gradients.size());
  for (std::size_t i = 0; i < one.gradients.size(); ++i) {
    EXPECT_TRUE(at::equal(one.gradients[i], other.gradients[i])) << "gradient " << i;
  }
}

void expect_gradient_is_slope(const Operation& operation, const Inputs& inputs) {
  const Outcome outcome = outcome_of(operation, inputs);
  const at::Tensor weights = normal(outcome.value.sizes(), at::kFloat, 99).to(at::kDouble);
  std::size_t gradient = 0;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!inputs[i].is_floating_point()) continue;
    const at::Tensor direction = normal(inputs[i].sizes(), at::kFloat, 50 + i);
    constexpr double kStep = 2e-3;
    const auto value_at = [&](double step) {
      const at::NoGradGuard no_gradient;
      Inputs moved = inputs;
      moved[i] = inputs[i] + direction * step;
      return (operation(moved).to(at::kDouble) * weights).sum().item<double>();
    };
    const double slope = (value_at(kStep) - value_at(-kStep)) / (2 * kStep);
    const at::Tensor& g = outcome.gradients[gradient++];
    const double size = g.norm().item<double>() * direction.norm().item<double>();
    EXPECT_NEAR((g * direction).sum().item<double>(), slope, 3e-3 * size + 1e-3) << "input " << i;
  }
}

std::vector<kernels::InstructionSet> instruction_sets() {
  std::vector<kernels::InstructionSet> sets;
  for (int set = 0; set <= static_cast<int>(kernels::best_instruction_set()); ++set) {
    sets.push_back(static_cast<kernels::InstructionSet>(set));
  }
  return sets;
}

std::string form_name(const ::testing::TestParamInfo<FormsTest::ParamType>& info) {
  static const char* const kSets[] = {"Baseline", "Avx2", "Avx512", "Amx"};
  return std::string(std::get<0>(info.param) == at::kFloat ? "Float32" : "Bfloat16") +
         kSets[static_cast<int>(std::get<1>(info.param))];
}

}  // namespace albert::ops::testing
