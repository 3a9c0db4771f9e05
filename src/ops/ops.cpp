#include "ops/ops.h"

#include "ops/plain.h"

namespace albert::ops {

at::Tensor linear_activation(const at::Tensor& x, const Weight& weight, const at::Tensor& bias, Activation activation) {
  return plain::linear_activation(x, weight, bias, activation);
}

at::Tensor dropout(const at::Tensor& x, const Dropout& dropout) {
  return plain::dropout(x, dropout);
}

at::Tensor layer_norm(const at::Tensor& x, const at::Tensor& gamma, const at::Tensor& beta, double epsilon) {
  return plain::layer_norm(x, gamma, beta, epsilon);
}

at::Tensor residual_layer_norm(const at::Tensor& x, const at::Tensor& residual, const Dropout& dropout,
                               const at::Tensor& gamma, const at::Tensor& beta, double epsilon) {
  return plain::residual_layer_norm(x, residual, dropout, gamma, beta, epsilon);
}

at::Tensor attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                     const Offsets& query_offsets, const Offsets& key_offsets, std::int64_t num_heads,
                     const Dropout& dropout) {
  return plain::attention(query, key, value, query_offsets, key_offsets, num_heads, dropout);
}

at::Tensor embedding(const at::Tensor& table, const at::Tensor& ids) {
  return at::embedding(table, ids);
}

at::Tensor select_rows(const at::Tensor& x, const at::Tensor& rows) {
  return x.index_select(0, rows);
}

at::Tensor cross_entropy_sum(const at::Tensor& logits, const at::Tensor& labels) {
  return plain::cross_entropy_sum(logits, labels);
}

}  // namespace albert::ops
