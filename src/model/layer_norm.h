#pragma once

#include <cstdint>

#include <torch/nn/module.h>

#include "model/compute.h"
#include "ops/ops.h"

namespace albert::model {

/// Layer normalisation. Parameters `weight` (gamma) and `bias` (beta), both [size], float32.
class LayerNorm : public torch::nn::Module {
 public:
  LayerNorm(std::int64_t size, double epsilon, const Compute& compute);

  /// x [R, size] -> [R, size]
  at::Tensor forward(const at::Tensor& x) const;
  /// LayerNorm(residual + dropout(x)), both [R, size] -> [R, size]
  at::Tensor forward(const at::Tensor& x, const at::Tensor& residual, const ops::Dropout& dropout) const;

 private:
  double epsilon_;
  at::Tensor weight_;  // [size]
  at::Tensor bias_;    // [size]
};

}  // namespace albert::model
