#pragma once

#include "ops/kernels/dropout.h"
#include "ops/kernels/vec.h"

namespace albert::ops::kernels::ALBERT_ISA {

namespace {

/// residual + dropout(x) of one row, in float; `factors` gets the row's dropout factors where there is dropout.
template <typename T>
void sum_row(const LayerNormRows<T>& rows, std::int64_t r, float* total, float* factors) {
  const T* x = rows.x + r * rows.columns;
  const T* residual = rows.residual ? rows.residual + r * rows.columns : nullptr;
  const bool drops = rows.dropout.threshold > 0;
  if (drops) dropout_row(rows.dropout, r, 0, rows.columns, factors);
  for (std::int64_t c = 0; c < rows.columns; c += kWidth) {
    const std::int64_t count = rows.columns - c;
    Vec v = load(x + c, count);
    if (drops) v = v * load(factors + c);
    if (residual) v = v + load(residual + c, count);
    store(total + c, v);
  }
}

float mean_of(const float* row, std::int64_t columns) {
  Vec total = {};
  for (std::int64_t c = 0; c < columns; c += kWidth) total = total + load(row + c);
  return sum(total) / static_cast<float>(columns);
}

float variance_of(const float* row, std::int64_t columns, float mean) {
  float total[kWidth] = {};
  Vec vectors = {};
  std::int64_t c = 0;
  for (; c + kWidth <= columns; c += kWidth) {
    const Vec d = load(row + c) - mean;
    vectors = vectors + d * d;
  }
  for (int i = 0; c < columns; ++c, ++i) total[i] = (row[c] - mean) * (row[c] - mean);
  return (sum(vectors + load(total))) / static_cast<float>(columns);
}

}  // namespace

template <typename T>
void layer_norm(const LayerNormRows<T>& rows, const float* beta, float epsilon, T* out) {
  const std::int64_t columns = rows.columns;
  float* total = rows.scratch;
  float* factors = rows.scratch + round_up(columns, kDropoutBlock);
  for (std::int64_t r = 0; r < rows.rows; ++r) {
    sum_row(rows, r, total, factors);
    const float mean = mean_of(total, columns);
    const float inverse = 1.0F / __builtin_sqrtf(variance_of(total, columns, mean) + epsilon);
    rows.mean[r] = mean;
    rows.inverse[r] = inverse;
    for (std::int64_t c = 0; c < columns; c += kWidth) {
      const std::int64_t count = columns - c;
      const Vec normed = (load(total + c) - mean) * inverse;
      store(out + r * columns + c, normed * load(rows.gamma + c, count) + load(beta + c, count), count);
    }
  }
}

template <typename T>
void layer_norm_backward(const LayerNormRows<T>& rows, const T* grad, T* grad_x, T* grad_residual, float* gamma_sum,
                         float* beta_sum) {
  const std::int64_t columns = rows.columns;
  float* normed = rows.scratch;
  float* factors = rows.scratch + round_up(columns, kDropoutBlock);
  for (std::int64_t r = 0; r < rows.rows; ++r) {
    const T* dy = grad + r * columns;
    sum_row(rows, r, normed, factors);
    Vec sum_g = {}, sum_gx = {};
    for (std::int64_t c = 0; c < columns; c += kWidth) {
      const std::int64_t count = columns - c;
      const Vec y = load(dy + c, count);  // zero beyond the row, so what lies there in `normed` adds nothing
      const Vec x = (load(normed + c) - rows.mean[r]) * rows.inverse[r];
      const Vec g = y * load(rows.gamma + c, count);
      store(normed + c, x);
      sum_g = sum_g + g;
      sum_gx = sum_gx + g * x;
      store(gamma_sum + c, load(gamma_sum + c, count) + y * x, count);
      store(beta_sum + c, load(beta_sum + c, count) + y, count);
    }
    const float mean_g = sum(sum_g) / static_cast<float>(columns);
    const float mean_gx = sum(sum_gx) / static_cast<float>(columns);
    for (std::int64_t c = 0; c < columns; c += kWidth) {
      const std::int64_t count = columns - c;
      const Vec g = load(dy + c, count) * load(rows.gamma + c, count);
      const Vec d = (g - mean_g - load(normed + c) * mean_gx) * rows.inverse[r];
      if (grad_residual) store(grad_residual + r * columns + c, d, count);
      if (grad_x) store(grad_x + r * columns + c, rows.dropout.threshold > 0 ? d * load(factors + c) : d, count);
    }
  }
}

}  // namespace albert::ops::kernels::ALBERT_ISA
