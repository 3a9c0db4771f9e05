#include "model/modules.h"

#include <algorithm>
#include <cmath>

#include "model/prediction_guard.h"
#include "ops/memory.h"

namespace albert::model {

const ops::Int8Rows& LinearInput::rounded() const {
  if (!rounded_) rounded_ = ops::round_rows(x_);
  return *rounded_;
}

Linear::Linear(std::int64_t in, std::int64_t out, const Compute& compute, bool has_bias)
    : ComputeWeight(compute),
      is_int8_(compute.precision == Precision::kInt8),
      is_frozen_(compute.is_frozen),
      simulates_int8_(compute.simulates_int8),
      in_(in),
      weight_(register_parameter("weight", at::zeros({out, in}, compute.device))) {
  if (has_bias) bias_ = register_parameter("bias", at::zeros({out}, compute.device));
}

/// As DynamicQuantizeLinear of ONNX: 256 steps from the least number to the largest, 0 among them.
at::Tensor Linear::simulated(const at::Tensor& x) const {
  if (!simulates_int8_ || x.numel() == 0) return x;
  const double low = std::min(0.0, x.min().item<double>()), high = std::max(0.0, x.max().item<double>());
  if (low == high) return x;
  constexpr std::int64_t kLargest = 255;
  const double scale = (high - low) / kLargest;
  const auto zero_point = static_cast<std::int64_t>(std::nearbyint(-low / scale));
  return at::fake_quantize_per_tensor_affine(x, scale, zero_point, 0, kLargest);
}

/// The kernels of our own are faster where nothing is kept for gradients, and do not let a row depend on the others.
bool Linear::has_panels() const {
  return PredictionGuard::is_on() && could_have_panels();
}

bool Linear::could_have_panels() const {
  return !simulates_int8_ && weight_.is_cpu() && ops::has_panels(compute_type(), in_);
}

void Linear::lay_out() const {
  if (is_frozen_ && (is_int8_ || could_have_panels())) panels();
}

ops::Panels Linear::make_panels() const {
  return is_int8_ ? ops::make_int8_panels(weight_) : ops::make_panels(weight_, compute_type());
}

ops::Panels Linear::panels() const {
  if (!is_frozen_) return panels_.get(weight_, [&] { return make_panels(); });
  std::call_once(frozen_, [&] {
    frozen_panels_ = make_panels();
    weight_.set_data(at::empty({0}, weight_.options()));
    ops::give_back_free_memory();
  });
  return frozen_panels_;
}

at::Tensor Linear::product(const LinearInput& x, std::optional<ops::Activation> activation) const {
  if (is_int8_) return ops::int8_linear(x.rounded(), panels(), bias_, activation);
  if (has_panels()) return ops::panel_linear(x.x(), panels(), bias_, activation);
  if (!activation) return ops::linear(simulated(x.x()), compute_weight(), bias_);
  return ops::linear_activation(simulated(x.x()), compute_weight(), bias_, *activation);
}

at::Tensor Linear::forward(const LinearInput& x) const {
  return product(x, std::nullopt);
}

at::Tensor Linear::forward(const LinearInput& x, ops::Activation activation) const {
  return product(x, activation);
}

void lay_out(const torch::nn::Module& model) {
  for (const auto& module : model.modules()) {
    if (const auto* linear = dynamic_cast<const Linear*>(module.get())) linear->lay_out();
  }
}

LayerNorm::LayerNorm(std::int64_t size, double epsilon, const Compute& compute)
    : epsilon_(epsilon),
      weight_(register_parameter("weight", at::ones({size}, compute.device))),
      bias_(register_parameter("bias", at::zeros({size}, compute.device))) {}

at::Tensor LayerNorm::forward(const at::Tensor& x) const {
  return ops::layer_norm(x, weight_, bias_, epsilon_);
}

at::Tensor LayerNorm::forward(const at::Tensor& x, const at::Tensor& residual, const ops::Dropout& dropout) const {
  return ops::residual_layer_norm(x, residual, dropout, weight_, bias_, epsilon_);
}

ScoreLayer::ScoreLayer(std::int64_t in, std::int64_t out, const Compute& compute, bool has_bias)
    : weight_(register_parameter("weight", at::zeros({out, in}, compute.device))) {
  if (has_bias) bias_ = register_parameter("bias", at::zeros({out}, compute.device));
}

at::Tensor ScoreLayer::forward(const at::Tensor& x) const {
  const at::Tensor rows = x.to(at::kFloat);
  if (PredictionGuard::is_on() && rows.is_cpu()) {
    return ops::panel_linear(rows, panels_.get(weight_, [&] { return ops::make_panels(weight_, at::kFloat); }), bias_);
  }
  return ops::linear(rows, {weight_, weight_.detach()}, bias_);
}

}  // namespace albert::model
