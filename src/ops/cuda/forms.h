#pragma once

#include "ops/cuda/kernels.h"
#include "ops/ops.h"

/// The forms for GPUs: LibTorch's matrix products and attention, and between them kernels of our own that pass over the
/// activations once. Where the program was built without those, and where they do not take an argument, LibTorch's
/// operations serve (namespace plain). Arguments are as in ops.h.
///
/// Equal inputs give equal results: rows are independent, and sums over rows are taken over a number of strips that depends
/// on their number alone. None of them waits for the device.
namespace albert::ops::cuda {

at::Tensor linear_activation(const at::Tensor& x, const Weight& weight, const at::Tensor& bias, Activation activation);
at::Tensor dropout(const at::Tensor& x, const Dropout& dropout);
/// \param residual may be undefined
at::Tensor residual_layer_norm(const at::Tensor& x, const at::Tensor& residual, const Dropout& dropout,
                               const at::Tensor& gamma, const at::Tensor& beta, double epsilon);
at::Tensor attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                     const SequenceRows& queries, const SequenceRows& keys, std::int64_t num_heads,
                     const Dropout& dropout);
/// A label that is no column makes the loss NaN, where there are kernels of our own.
at::Tensor cross_entropy_sum(const at::Tensor& logits, const at::Tensor& labels,
                             const CrossEntropyOptions& options = {});

/// The kernels that are launched: device_kernels(), unless a test chose others, for tensors of the CPU.
const KernelTable* kernels_in_use();
void use_kernels(const KernelTable* table);

}  // namespace albert::ops::cuda
