#include "optim/muon.h"

#include <algorithm>
#include <cmath>

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

namespace albert::optim {

namespace {

constexpr int kIterations = 5;
// Of X (a + b X X^T + c (X X^T)^2).
constexpr double kLinear = 3.4445, kCubic = -4.7750, kQuintic = 2.0315;
constexpr double kSizeOfAdam = 0.2;

}  // namespace

at::Tensor orthogonalised(const at::Tensor& matrix, bool in_bfloat16) {
  constexpr double kLeast = 1e-7;  // of a norm that something is divided by
  const bool is_tall = matrix.size(0) > matrix.size(1);
  at::Tensor x = matrix / matrix.norm().clamp_min(kLeast);
  x = (is_tall ? x.t() : x).to(in_bfloat16 ? at::kBFloat16 : at::kFloat).contiguous();
  for (int i = 0; i < kIterations; ++i) {
    const at::Tensor square = at::mm(x, x.t());
    x = at::addmm(x, at::addmm(square, square, square, kCubic, kQuintic), x, kLinear);
  }
  return (is_tall ? x.t() : x).to(at::kFloat);
}

void update_by_muon(const at::Tensor& weight, const at::Tensor& gradient, const at::Tensor& momentum,
                    const MuonRule& rule) {
  const at::NoGradGuard no_grad;
  const at::Tensor scaled = gradient * rule.gradient_scale;
  momentum.mul_(rule.momentum).add_(scaled);
  const at::Tensor change = orthogonalised(scaled.add_(momentum, rule.momentum), rule.in_bfloat16);
  const auto longer = static_cast<double>(std::max(weight.size(0), weight.size(1)));
  weight.mul_(1 - rule.learning_rate * rule.weight_decay);
  weight.sub_(change, rule.learning_rate * kSizeOfAdam * std::sqrt(longer));
}

}  // namespace albert::optim
