#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>

#include "ops/activation.h"

/// The tensor operations that an ALBERT is made of. Each has a plain form from LibTorch calls (namespace plain: the
/// specification, any device) and, where it pays, a fast form for CPUs (namespace fast) and one for GPUs (namespace cuda);
/// the function here picks, see form.h. All are differentiable.
///
/// Letters: T tokens of the batch, R rows that are asked for (R <= T), B sequences, H hidden, N heads, D = H / N, P
/// predictions, V vocabulary. Activations are in the compute type (float32 or bfloat16); biases, layer norm parameters
/// and losses are float32, and so are sums and statistics inside.
namespace albert::ops {

struct TrainingPanels;

/// A weight matrix: the float32 parameter that receives the gradient, and its copy in the compute type, made once per
/// step (the same tensor in float32). A weight shared by several layers has one of these; its gradient is summed over
/// the layers in float32.
struct Weight {
  at::Tensor master;   ///< [out, in] float32
  at::Tensor compute;  ///< [out, in] compute type, no gradient
  /// The copy as kernels of our own read it, where they are faster than LibTorch; else null: see panel_linear.h.
  std::shared_ptr<const TrainingPanels> panels = nullptr;
};

/// Names a dropout site: which elements fall is a function of this, the row's number and the column alone.
struct Dropout {
  double probability = 0;  ///< 0: nothing is dropped
  std::uint64_t key = 0;   ///< random_key(seed, {step, layer, site})
  at::Tensor row_numbers;  ///< [rows] int64: number of the sequence in its update and position, not place in the batch;
                           ///< may be undefined at probability 0
  /// Number in its update of the batch's first sequence: for the attention of GPUs, which numbers rows by their place.
  std::int64_t first_sequence = 0;
};

/// x [R, in] -> x W^T + bias [R, out], compute type.
/// \param bias [out] float32, or undefined; a GPU rounds it to the compute type
at::Tensor linear(const at::Tensor& x, const Weight& weight, const at::Tensor& bias);

/// activation(x W^T + bias): the bias and the activation are applied in one pass over the product.
at::Tensor linear_activation(const at::Tensor& x, const Weight& weight, const at::Tensor& bias, Activation activation);

/// dropout(x) / (1 - p) where it is kept.
at::Tensor dropout(const at::Tensor& x, const Dropout& dropout);

/// LayerNorm(x).
/// \param gamma [H] float32; so is beta
at::Tensor layer_norm(const at::Tensor& x, const at::Tensor& gamma, const at::Tensor& beta, double epsilon);

/// LayerNorm(residual + dropout(x)), the end of both halves of a layer.
at::Tensor residual_layer_norm(const at::Tensor& x, const at::Tensor& residual, const Dropout& dropout,
                               const at::Tensor& gamma, const at::Tensor& beta, double epsilon);

/// Where each sequence's rows begin, [B + 1], on the host.
using Offsets = std::vector<std::int64_t>;

/// The rows of sequences that lie end to end. It refers to the offsets that it is made of.
struct SequenceRows {
  // NOLINTNEXTLINE(google-explicit-constructor): on a CPU the offsets are all there is to say
  SequenceRows(const Offsets& host_offsets, at::Tensor offsets_on_device = {})
      : offsets(host_offsets), on_device(std::move(offsets_on_device)) {}

  const Offsets& offsets;
  at::Tensor on_device;  ///< [B + 1] int32, on the device of the rows; undefined: made where a form needs it
};

/// softmax(Q K^T / sqrt(D)) V inside each sequence and head.
/// \param query [R, H]
/// \param key [T, H]; so is value
/// \param queries the rows of query: a sequence may ask for fewer rows than it has tokens
/// \param keys those of key and value
/// \param dropout what falls of the probabilities, numbered by query row (the head is mixed in). On a GPU LibTorch's
///     kernels draw it, numbered by the row's place in the batch: repeated exactly for the same batches, but not the same
///     where an update is split into others, nor as on a CPU
/// \return [R, H]
at::Tensor attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                     const SequenceRows& queries, const SequenceRows& keys, std::int64_t num_heads,
                     const Dropout& dropout);

/// What attention() weighs the values with, to be looked at: softmax(Q K^T / sqrt(D)) of each sequence.
/// \param query, key, query_offsets, key_offsets as in attention()
/// \return [B] of [N, queries, keys] float32
std::vector<at::Tensor> attention_probabilities(const at::Tensor& query, const at::Tensor& key,
                                                const Offsets& query_offsets, const Offsets& key_offsets,
                                                std::int64_t num_heads);

/// Rows of a table: table [V, E] float32, ids [T] int64 -> [T, E] float32. Its backward adds in a fixed order, so it
/// repeats exactly.
at::Tensor embedding(const at::Tensor& table, const at::Tensor& ids);

/// Rows of x: x [T, H], rows [R] int64 -> [R, H].
at::Tensor select_rows(const at::Tensor& x, const at::Tensor& rows);

/// How the classes of a cross entropy count: `weight` and `label_smoothing` of torch.nn.CrossEntropyLoss.
struct CrossEntropyOptions {
  at::Tensor class_weights = {};  ///< [V] float32; undefined: 1 for each
  double label_smoothing = 0;     ///< share of each target that is spread over all V classes alike, in [0, 1)
};

/// Sum over the rows of -log softmax(logits)[label], float32 scalar. With class weights w and label smoothing s a row
/// gives -(1 - s) w[label] log p[label] - s / V sum_c w[c] log p[c], as reduction="sum" of torch.nn.CrossEntropyLoss.
/// \param logits [P, V]
/// \param labels [P] int64
at::Tensor cross_entropy_sum(const at::Tensor& logits, const at::Tensor& labels,
                             const CrossEntropyOptions& options = {});

}  // namespace albert::ops
