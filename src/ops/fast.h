#pragma once

#include "ops/ops.h"

/// The fast forms for the CPU: LibTorch's matrix products, and between them kernels of our own that pass over the
/// activations once. Arguments are as in ops.h. Equal inputs give equal results whatever the number of threads: rows
/// are independent, and sums over rows are taken over blocks of fixed size, in order.
namespace albert::ops::fast {

/// Whether these forms take x: on the CPU, float32 or bfloat16, [rows, columns].
bool takes(const at::Tensor& x);

/// x += bias, in place.
/// \param bias [columns] float32
void add_bias(const at::Tensor& x, const at::Tensor& bias);
/// [R, C] -> [C] float32
at::Tensor sum_of_rows(const at::Tensor& x);

/// sum += x, element by element.
/// \param sum float32, of x's shape; both contiguous
void add_to(const at::Tensor& sum, const at::Tensor& x);

/// Whether add_weight_gradient() takes them: where it is faster than LibTorch's product and a sum after it.
bool adds_weight_gradients(const at::Tensor& grad, const at::Tensor& x);
/// sum = grad^T x, or sum += grad^T x, all in float32.
/// \param grad [R, out], \param x [R, in], \param sum [out, in] float32
void add_weight_gradient(const at::Tensor& grad, const at::Tensor& x, const at::Tensor& sum, bool add);

at::Tensor linear_activation(const at::Tensor& x, const Weight& weight, const at::Tensor& bias, Activation activation);
at::Tensor dropout(const at::Tensor& x, const Dropout& dropout);
/// \param residual may be undefined
at::Tensor residual_layer_norm(const at::Tensor& x, const at::Tensor& residual, const Dropout& dropout,
                               const at::Tensor& gamma, const at::Tensor& beta, double epsilon);
at::Tensor attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                     const SequenceRows& queries, const SequenceRows& keys, std::int64_t num_heads,
                     const Dropout& dropout);
/// Throws InternalError if a label is not in [0, V), or for another number of weights than V.
at::Tensor cross_entropy_sum(const at::Tensor& logits, const at::Tensor& labels,
                             const CrossEntropyOptions& options = {});

}  // namespace albert::ops::fast
