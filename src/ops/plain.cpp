#include "ops/plain.h"

#include <cmath>

#include "ops/dropout_mask.h"

namespace albert::ops::plain {

namespace {

/// The rows of a sequence, by heads: [N, L, D].
at::Tensor heads_of(const at::Tensor& x, const Offsets& offsets, std::size_t sequence, std::int64_t num_heads) {
  const at::Tensor rows = x.slice(0, offsets[sequence], offsets[sequence + 1]);  // [L, H]
  return rows.view({-1, num_heads, x.size(1) / num_heads}).transpose(0, 1);
}

}  // namespace

at::Tensor linear(const at::Tensor& x, const Weight& weight, const at::Tensor& bias) {
  const at::Tensor product = x.matmul(weight.master.to(x.scalar_type()).t());  // [R, out]
  return bias.defined() ? (product.to(at::kFloat) + bias).to(x.scalar_type()) : product;
}

at::Tensor linear_activation(const at::Tensor& x, const Weight& weight, const at::Tensor& bias, Activation activation) {
  const at::Tensor product = plain::linear(x, weight, bias).to(at::kFloat);  // [R, out]
  switch (activation) {
    case Activation::kGelu:
      return at::gelu(product, "none").to(x.scalar_type());
    case Activation::kGeluTanh:
      return at::gelu(product, "tanh").to(x.scalar_type());
    case Activation::kRelu:
      break;
  }
  return at::relu(product).to(x.scalar_type());
}

at::Tensor dropout(const at::Tensor& x, const Dropout& dropout) {
  if (dropout.probability == 0) return x;
  return (x * dropout_factors(dropout, 1, x.size(1), x.device()).squeeze(0)).to(x.scalar_type());
}

at::Tensor layer_norm(const at::Tensor& x, const at::Tensor& gamma, const at::Tensor& beta, double epsilon) {
  return at::layer_norm(x.to(at::kFloat), {x.size(1)}, gamma, beta, epsilon).to(x.scalar_type());
}

at::Tensor residual_layer_norm(const at::Tensor& x, const at::Tensor& residual, const Dropout& dropout,
                               const at::Tensor& gamma, const at::Tensor& beta, double epsilon) {
  at::Tensor sum = x.to(at::kFloat);
  if (dropout.probability > 0) sum = sum * dropout_factors(dropout, 1, x.size(1), x.device()).squeeze(0);
  if (residual.defined()) sum = sum + residual;
  return at::layer_norm(sum, {x.size(1)}, gamma, beta, epsilon).to(x.scalar_type());
}

at::Tensor attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                     const SequenceRows& queries, const SequenceRows& keys, std::int64_t num_heads,
                     const Dropout& dropout) {
  const Offsets &query_offsets = queries.offsets, &key_offsets = keys.offsets;
  const std::vector<at::Tensor> all = attention_probabilities(query, key, query_offsets, key_offsets, num_heads);
  std::vector<at::Tensor> results;
  for (std::size_t b = 0; b < all.size(); ++b) {
    at::Tensor probabilities = all[b];  // [N, Lq, Lk]
    if (dropout.probability > 0) {
      Dropout rows = dropout;
      rows.row_numbers = dropout.row_numbers.slice(0, query_offsets[b], query_offsets[b + 1]);
      probabilities = probabilities * dropout_factors(rows, num_heads, probabilities.size(2), query.device());
    }
    const at::Tensor context =
        probabilities.to(query.scalar_type()).matmul(heads_of(value, key_offsets, b, num_heads));  // [N, Lq, D]
    results.push_back(context.transpose(0, 1).reshape({-1, query.size(1)}));                       // [Lq, H]
  }
  return results.empty() ? query : at::cat(results);
}

std::vector<at::Tensor> attention_probabilities(const at::Tensor& query, const at::Tensor& key,
                                                const Offsets& query_offsets, const Offsets& key_offsets,
                                                std::int64_t num_heads) {
  const std::int64_t head_size = query.size(1) / num_heads;
  const double scale = 1.0 / std::sqrt(static_cast<double>(head_size));
  std::vector<at::Tensor> probabilities;
  for (std::size_t b = 0; b + 1 < query_offsets.size(); ++b) {
    const at::Tensor q = heads_of(query, query_offsets, b, num_heads);
    const at::Tensor k = heads_of(key, key_offsets, b, num_heads);
    const at::Tensor scores = q.matmul(k.transpose(1, 2)).to(at::kFloat) * scale;  // [N, Lq, Lk]
    probabilities.push_back(at::softmax(scores, -1));
  }
  return probabilities;
}

at::Tensor cross_entropy_sum(const at::Tensor& logits, const at::Tensor& labels, const CrossEntropyOptions& options) {
  const at::Tensor log_probabilities = at::log_softmax(logits.to(at::kFloat), -1);  // [P, V]
  const at::Tensor weighted =
      options.class_weights.defined() ? log_probabilities * options.class_weights : log_probabilities;
  const at::Tensor of_labels = weighted.gather(1, labels.unsqueeze(1)).sum();
  if (options.label_smoothing == 0) return -of_labels;
  const double share = options.label_smoothing / static_cast<double>(logits.size(1));
  return -(1 - options.label_smoothing) * of_labels - share * weighted.sum();
}

}  // namespace albert::ops::plain
