#pragma once

#include "ops/ops.h"

namespace albert::ops {

/// What linear() is made of, for operations that fuse something to it. \return x W^T, without a graph
at::Tensor linear_product(const at::Tensor& x, const at::Tensor& weight);

/// \return dL/dx = dy W, for dy [R, out] in the compute type
at::Tensor linear_backward_input(const at::Tensor& grad, const at::Tensor& weight);

/// \return dL/dW = dy^T x, float32 [out, in]
at::Tensor linear_backward_weight(const at::Tensor& grad, const at::Tensor& x);

}  // namespace albert::ops
