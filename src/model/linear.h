#pragma once

#include <cstdint>

#include <torch/nn/module.h>

#include "model/compute_weight.h"

namespace albert::model {

/// x W^T + b. Parameters `weight` [out, in] and, if there is one, `bias` [out], float32.
class Linear : public torch::nn::Module, public ComputeWeight {
 public:
  Linear(std::int64_t in, std::int64_t out, const Compute& compute, bool has_bias = true);

  /// x [R, in], compute type -> [R, out], compute type
  at::Tensor forward(const at::Tensor& x) const;
  /// activation(x W^T + b)
  at::Tensor forward(const at::Tensor& x, ops::Activation activation) const;

 private:
  const at::Tensor& matrix() const override { return weight_; }

  at::Tensor weight_;  // [out, in]
  at::Tensor bias_;    // [out], or undefined
};

}  // namespace albert::model
