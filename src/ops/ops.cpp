#include "ops/ops.h"

#include "ops/fast.h"
#include "ops/plain.h"

namespace albert::ops {

at::Tensor linear_activation(const at::Tensor& x, const Weight& weight, const at::Tensor& bias, Activation activation) {
  const auto form = fast::takes(x) ? fast::linear_activation : plain::linear_activation;
  return form(x, weight, bias, activation);
}

at::Tensor dropout(const at::Tensor& x, const Dropout& dropout) {
  return (fast::takes(x) ? fast::dropout : plain::dropout)(x, dropout);
}

at::Tensor layer_norm(const at::Tensor& x, const at::Tensor& gamma, const at::Tensor& beta, double epsilon) {
  if (fast::takes(x)) return fast::residual_layer_norm(x, at::Tensor(), Dropout(), gamma, beta, epsilon);
  return plain::layer_norm(x, gamma, beta, epsilon);
}

at::Tensor residual_layer_norm(const at::Tensor& x, const at::Tensor& residual, const Dropout& dropout,
                               const at::Tensor& gamma, const at::Tensor& beta, double epsilon) {
  const auto form = fast::takes(x) ? fast::residual_layer_norm : plain::residual_layer_norm;
  return form(x, residual, dropout, gamma, beta, epsilon);
}

at::Tensor attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                     const Offsets& query_offsets, const Offsets& key_offsets, std::int64_t num_heads,
                     const Dropout& dropout) {
  const auto form = fast::takes(query) ? fast::attention : plain::attention;
  return form(query, key, value, query_offsets, key_offsets, num_heads, dropout);
}

std::vector<at::Tensor> attention_probabilities(const at::Tensor& query, const at::Tensor& key,
                                                const Offsets& query_offsets, const Offsets& key_offsets,
                                                std::int64_t num_heads) {
  return plain::attention_probabilities(query, key, query_offsets, key_offsets, num_heads);
}

at::Tensor embedding(const at::Tensor& table, const at::Tensor& ids) {
  return at::embedding(table, ids);
}

at::Tensor select_rows(const at::Tensor& x, const at::Tensor& rows) {
  return x.index_select(0, rows);
}

at::Tensor cross_entropy_sum(const at::Tensor& logits, const at::Tensor& labels, const CrossEntropyOptions& options) {
  return (fast::takes(logits) ? fast::cross_entropy_sum : plain::cross_entropy_sum)(logits, labels, options);
}

}  // namespace albert::ops
