#include "parity.h"

#include <cmath>
#include <limits>

namespace albert::model {

namespace {

/// Share of all gradients' norm below which one is zero but for rounding.
constexpr double kZero = 1e-6;

}  // namespace

double output_error(const at::Tensor& found, const at::Tensor& expected) {
  if (found.sizes() != expected.sizes()) return std::numeric_limits<double>::infinity();
  return (found - expected).abs().max().item<double>() / 1e-5;
}

double gradient_error(const torch::nn::Module& model, const FixtureFile& fixture) {
  double squares = 0;
  std::size_t num_expected = 0;
  for (const auto& [name, tensor] : fixture.tensors) {
    if (!name.starts_with("gradient.")) continue;
    squares += std::pow(tensor.norm().item<double>(), 2);
    ++num_expected;
  }
  const auto parameters = model.named_parameters();
  if (parameters.size() != num_expected) return std::numeric_limits<double>::infinity();
  double worst = 0;
  for (const auto& item : parameters) {
    const at::Tensor& expected = fixture["gradient." + item.key()];
    const double norm = expected.norm().item<double>(), all = std::sqrt(squares);
    const double scale = norm < kZero * all ? 1e5 * kZero * all : std::max(norm, 1e-3 * all);
    worst = std::max(worst, (item.value().grad() - expected).norm().item<double>() / (1e-5 * scale));
  }
  return worst;
}

}  // namespace albert::model
