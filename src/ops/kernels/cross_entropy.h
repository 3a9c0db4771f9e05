#pragma once

#include "ops/kernels/vec.h"
#include "ops/kernels/vec_math.h"

namespace albert::ops::kernels::ALBERT_ISA {

namespace {

constexpr float kLowest = -3.4e38F;

inline float value_of(float x) {
  return x;
}
inline float value_of(Bfloat16 x) {
  return load(&x, 1)[0];
}

/// log of the sum of exp over a row, in two passes: the largest, then the sum.
template <typename T>
float log_sum_exp(const T* row, std::int64_t columns) {
  const std::int64_t whole = columns / kWidth * kWidth;
  Vec tops = broadcast(kLowest);
  for (std::int64_t c = 0; c < whole; c += kWidth) tops = larger(tops, load(row + c));
  float top = largest(tops);
  for (std::int64_t c = whole; c < columns; ++c) top = value_of(row[c]) > top ? value_of(row[c]) : top;

  Vec total = {};
  for (std::int64_t c = 0; c < whole; c += kWidth) total = total + exp(load(row + c) - top);
  float result = sum(total);
  for (std::int64_t c = whole; c < columns; ++c) result += __builtin_expf(value_of(row[c]) - top);
  return top + __builtin_logf(result);
}

}  // namespace

template <typename T>
void cross_entropy(const T* logits, const std::int64_t* labels, float* losses, float* log_sums, std::int64_t rows,
                   std::int64_t columns) {
  for (std::int64_t r = 0; r < rows; ++r) {
    const T* row = logits + r * columns;
    log_sums[r] = log_sum_exp(row, columns);
    losses[r] = log_sums[r] - value_of(row[labels[r]]);
  }
}

template <typename T>
void cross_entropy_backward(const T* logits, const std::int64_t* labels, const float* log_sums, float grad,
                            T* grad_logits, std::int64_t rows, std::int64_t columns) {
  for (std::int64_t r = 0; r < rows; ++r) {
    const T* row = logits + r * columns;
    T* out = grad_logits + r * columns;
    for (std::int64_t c = 0; c < columns; c += kWidth) {
      store(out + c, exp(load(row + c, columns - c) - log_sums[r]) * grad, columns - c);
    }
    const float probability = __builtin_expf(value_of(row[labels[r]]) - log_sums[r]);
    store(out + labels[r], broadcast((probability - 1.0F) * grad), 1);
  }
}

}  // namespace albert::ops::kernels::ALBERT_ISA
