#include "model/layer_norm.h"

namespace albert::model {

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

}  // namespace albert::model
