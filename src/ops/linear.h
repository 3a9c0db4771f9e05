#pragma once

#include "ops/ops.h"

/// What linear() is made of, for operations that fuse something to it. None of these records a graph.
///
/// Measured with oneDNN in bfloat16 on a Zen 5 (AVX512_BF16, 2 threads; 1024 rows; 768 -> 768, 2304, 3072 and 3072 ->
/// 768): forward, dx and dW all run at 770 to 900 GFLOP/s, 80% of what the instruction can do. Laying an operand out on
/// its other side beforehand, at::linear, or joining query, key and value into one product change it by no more than
/// the noise (5%), because oneDNN packs both operands anyway. So each is one at::mm of the tensors as they lie.
namespace albert::ops {

/// \return x W^T [R, out]
at::Tensor linear_product(const at::Tensor& x, const at::Tensor& weight);

/// \return dL/dx = dy W, for dy [R, out] in the compute type
at::Tensor linear_backward_input(const at::Tensor& grad, const at::Tensor& weight);

/// \return dL/dW = dy^T x, float32 [out, in]
at::Tensor linear_backward_weight(const at::Tensor& grad, const at::Tensor& x);

}  // namespace albert::ops
