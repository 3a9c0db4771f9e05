#include "model/linear.h"

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

}  // namespace albert::model
