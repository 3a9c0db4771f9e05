#include "ops/ops.h"

#include "ops/cuda/forms.h"
#include "ops/fast.h"
#include "ops/form.h"
#include "ops/plain.h"

namespace albert::ops {

namespace {

constexpr Form kPlain = {plain::linear_activation, plain::dropout, plain::residual_layer_norm, plain::attention,
                         plain::cross_entropy_sum};
constexpr Form kFast = {fast::linear_activation, fast::dropout, fast::residual_layer_norm, fast::attention,
                        fast::cross_entropy_sum};
constexpr Form kCuda = {cuda::linear_activation, cuda::dropout, cuda::residual_layer_norm, cuda::attention,
                        cuda::cross_entropy_sum};

}  // namespace

const Form& form_of(const at::Tensor& x) {
  if (x.dim() != 2 || (x.scalar_type() != at::kFloat && x.scalar_type() != at::kBFloat16)) return kPlain;
  return x.is_cpu() ? kFast : x.is_cuda() ? kCuda : kPlain;
}

bool fast::takes(const at::Tensor& x) {
  return &form_of(x) == &kFast;
}

at::Tensor linear_activation(const at::Tensor& x, const Weight& weight, const at::Tensor& bias, Activation activation) {
  return form_of(x).linear_activation(x, weight, bias, activation);
}

at::Tensor dropout(const at::Tensor& x, const Dropout& dropout) {
  return form_of(x).dropout(x, dropout);
}

at::Tensor layer_norm(const at::Tensor& x, const at::Tensor& gamma, const at::Tensor& beta, double epsilon) {
  return form_of(x).residual_layer_norm(x, at::Tensor(), Dropout(), gamma, beta, epsilon);
}

at::Tensor residual_layer_norm(const at::Tensor& x, const at::Tensor& residual, const Dropout& dropout,
                               const at::Tensor& gamma, const at::Tensor& beta, double epsilon) {
  return form_of(x).residual_layer_norm(x, residual, dropout, gamma, beta, epsilon);
}

at::Tensor attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                     const SequenceRows& queries, const SequenceRows& keys, std::int64_t num_heads,
                     const Dropout& dropout) {
  return form_of(query).attention(query, key, value, queries, keys, num_heads, dropout);
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
  return form_of(logits).cross_entropy_sum(logits, labels, options);
}

}  // namespace albert::ops
