#include "model/heads/score_layer.h"

namespace albert::model {

ScoreLayer::ScoreLayer(std::int64_t in, std::int64_t out, const Compute& compute, bool has_bias)
    : weight_(register_parameter("weight", at::zeros({out, in}, compute.device))) {
  if (has_bias) bias_ = register_parameter("bias", at::zeros({out}, compute.device));
}

at::Tensor ScoreLayer::forward(const at::Tensor& x) const {
  return ops::linear(x.to(at::kFloat), {weight_, weight_.detach()}, bias_);
}

}  // namespace albert::model
