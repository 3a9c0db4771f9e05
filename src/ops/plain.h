#pragma once

#include "ops/ops.h"

/// The specification of every operation, in as few LibTorch calls as it takes: any device, autograd for the gradients.
/// Arguments are as in ops.h; tests compare the other forms with these.
namespace albert::ops::plain {

/// Casts the master itself, so the gradient reaches it through autograd alone; `weight.compute` is not read.
at::Tensor linear(const at::Tensor& x, const Weight& weight, const at::Tensor& bias);
at::Tensor linear_activation(const at::Tensor& x, const Weight& weight, const at::Tensor& bias, Activation activation);
at::Tensor dropout(const at::Tensor& x, const Dropout& dropout);
at::Tensor layer_norm(const at::Tensor& x, const at::Tensor& gamma, const at::Tensor& beta, double epsilon);
/// \param residual may be undefined
at::Tensor residual_layer_norm(const at::Tensor& x, const at::Tensor& residual, const Dropout& dropout,
                               const at::Tensor& gamma, const at::Tensor& beta, double epsilon);
at::Tensor attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                     const SequenceRows& queries, const SequenceRows& keys, std::int64_t num_heads,
                     const Dropout& dropout);
std::vector<at::Tensor> attention_probabilities(const at::Tensor& query, const at::Tensor& key,
                                                const Offsets& query_offsets, const Offsets& key_offsets,
                                                std::int64_t num_heads);
at::Tensor cross_entropy_sum(const at::Tensor& logits, const at::Tensor& labels,
                             const CrossEntropyOptions& options = {});

}  // namespace albert::ops::plain
