#include "model/modules.h"

#include <algorithm>
#include <cmath>

namespace albert::model {

Linear::Linear(std::int64_t in, std::int64_t out, const Compute& compute, bool has_bias)
    : ComputeWeight(compute),
      rounds_inputs_(compute.simulates_int8),
      weight_(register_parameter("weight", at::zeros({out, in}, compute.device))) {
  if (has_bias) bias_ = register_parameter("bias", at::zeros({out}, compute.device));
}

/// As DynamicQuantizeLinear of ONNX: 256 steps from the least number to the largest, 0 among them.
at::Tensor Linear::rounded(const at::Tensor& x) const {
  if (!rounds_inputs_ || x.numel() == 0) return x;
  const double low = std::min(0.0, x.min().item<double>()), high = std::max(0.0, x.max().item<double>());
  if (low == high) return x;
  constexpr std::int64_t kLargest = 255;
  const double scale = (high - low) / kLargest;
  const auto zero_point = static_cast<std::int64_t>(std::nearbyint(-low / scale));
  return at::fake_quantize_per_tensor_affine(x, scale, zero_point, 0, kLargest);
}

at::Tensor Linear::forward(const at::Tensor& x) const {
  return ops::linear(rounded(x), compute_weight(), bias_);
}

at::Tensor Linear::forward(const at::Tensor& x, ops::Activation activation) const {
  return ops::linear_activation(rounded(x), compute_weight(), bias_, activation);
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
  return ops::linear(x.to(at::kFloat), {weight_, weight_.detach()}, bias_);
}

}  // namespace albert::model
