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

/// sum over c of weights[c] row[c]; null weights are 1.
template <typename T>
float weighted_sum(const T* row, const float* weights, std::int64_t columns) {
  Vec total = {};
  for (std::int64_t c = 0; c < columns; c += kWidth) {
    const Vec values = load(row + c, columns - c);
    total = total + (weights ? values * load(weights + c, columns - c) : values);
  }
  return sum(total);
}

/// How a row's target is made: `own` at its label, and `share` of its weight at each class.
struct RowTarget {
  float own;
  float share;
  float sum;  ///< of both over all classes

  RowTarget(const CrossEntropyClasses& classes, std::int64_t label)
      : own((1.0F - classes.smoothing) * (classes.weights ? classes.weights[label] : 1.0F)),
        share(classes.smoothing / static_cast<float>(classes.count)),
        sum(own + share * classes.weight_sum) {}
};

}  // namespace

template <typename T>
void cross_entropy(const T* logits, const std::int64_t* labels, const CrossEntropyClasses& classes, float* losses,
                   float* log_sums, std::int64_t rows) {
  for (std::int64_t r = 0; r < rows; ++r) {
    const T* row = logits + r * classes.count;
    const RowTarget target(classes, labels[r]);
    log_sums[r] = log_sum_exp(row, classes.count);
    losses[r] = target.own * (log_sums[r] - value_of(row[labels[r]]));
    if (target.share == 0.0F) continue;
    const float all = classes.weight_sum * log_sums[r] - weighted_sum(row, classes.weights, classes.count);
    losses[r] += target.share * all;
  }
}

template <typename T>
void cross_entropy_backward(const T* logits, const std::int64_t* labels, const CrossEntropyClasses& classes,
                            const float* log_sums, float grad, T* grad_logits, std::int64_t rows) {
  const std::int64_t columns = classes.count;
  for (std::int64_t r = 0; r < rows; ++r) {
    const T* row = logits + r * columns;
    T* out = grad_logits + r * columns;
    const RowTarget target(classes, labels[r]);
    for (std::int64_t c = 0; c < columns; c += kWidth) {
      const Vec probabilities = exp(load(row + c, columns - c) - log_sums[r]);
      const Vec weights = classes.weights ? load(classes.weights + c, columns - c) : broadcast(1.0F);
      store(out + c, (probabilities * target.sum - weights * target.share) * grad, columns - c);
    }
    const float probability = __builtin_expf(value_of(row[labels[r]]) - log_sums[r]);
    const float spread = target.share * (classes.weights ? classes.weights[labels[r]] : 1.0F);
    store(out + labels[r], broadcast((probability * target.sum - spread - target.own) * grad), 1);
  }
}

}  // namespace albert::ops::kernels::ALBERT_ISA
