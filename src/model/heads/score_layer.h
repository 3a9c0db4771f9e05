#pragma once

#include <cstdint>

#include <torch/nn/module.h>

#include "model/compute.h"
#include "ops/ops.h"

namespace albert::model {

/// The last product of a head, x W^T + b, in float32 whatever the compute type: it is small, and scores rounded to
/// bfloat16's eight bits would tie. Parameters `weight` [out, in] and `bias` [out], float32.
class ScoreLayer : public torch::nn::Module {
 public:
  ScoreLayer(std::int64_t in, std::int64_t out, const Compute& compute, bool has_bias = true);

  /// x [R, in] of any type -> [R, out] float32
  at::Tensor forward(const at::Tensor& x) const;

 private:
  at::Tensor weight_;  // [out, in]
  at::Tensor bias_;    // [out], or undefined
};

}  // namespace albert::model
