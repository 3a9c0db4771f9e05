#include "model/modules.h"

namespace albert::model {

Linear::Linear(std::int64_t in, std::int64_t out, const Compute& compute, bool has_bias)
    : ComputeWeight(compute), weight_(register_parameter("weight", at::zeros({out, in}, compute.device))) {
  if (has_bias) bias_ = register_parameter("bias", at::zeros({out}, compute.device));
}

at::Tensor Linear::forward(const at::Tensor& x) const {
  return ops::linear(x, compute_weight(), bias_);
}

at::Tensor Linear::forward(const at::Tensor& x, ops::Activation activation) const {
  return ops::linear_activation(x, compute_weight(), bias_, activation);
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
