#pragma once

#include <span>

#include <torch/csrc/autograd/variable.h>

#include "ops/ops.h"

/// What linear() is made of, for operations that fuse something to it. None of these records a graph.
///
/// Measured with oneDNN in bfloat16 on a Zen 5 (AVX512_BF16, 2 threads; 1024 rows; 768 -> 768, 2304, 3072 and 3072 ->
/// 768): forward, dx and dW all run at 770 to 900 GFLOP/s, 80% of what the instruction can do. Laying an operand out on
/// its other side beforehand, at::linear, or joining query, key and value into one product change it by no more than
/// the noise (5%), because oneDNN packs both operands anyway. So each is one product of LibTorch's, of the tensors as they lie, but for
/// those that are by panels, as said below.
namespace albert::ops {

/// With AMX the products are by panels instead. oneDNN compiles one for every number of rows, and nearly every batch has
/// its own: for a narrow model that took a tenth of the time.
/// \param bias [out] float32, or undefined
/// \return x W^T + bias [R, out]
at::Tensor linear_product(const at::Tensor& x, const Weight& weight, const at::Tensor& bias = {});

/// What the backward pass needs of a weight, as save_for_backward() takes it: {master, compute, panels}.
torch::autograd::variable_list saved_weight(const Weight& weight);

/// \param saved what saved_weight() gave
/// \return dL/dx = dy W, for dy [R, out] in the compute type
at::Tensor linear_backward_input(const at::Tensor& grad, std::span<const at::Tensor> saved);

/// dL/dW = dy^T x, added to the gradient that the master has in float32: over the layers that share it, and over the
/// micro-batches of an update, the sum is taken inside the product. A separate sum would pass over the whole matrix three
/// times for each layer; only in bfloat16 on a CPU without AMX, whose products LibTorch rounds, is there one.
/// \param master [out, in] float32
/// \param grad [R, out], \param x [R, in] in the compute type
/// \return what a Function's backward hands on: nothing, since the gradient is where it belongs; of a master that is no
///     leaf of the graph, the gradient
at::Tensor linear_backward_weight(const at::Tensor& master, const at::Tensor& grad, const at::Tensor& x);

}  // namespace albert::ops
