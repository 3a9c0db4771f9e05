#pragma once

#include "ops/cuda/numbers.h"

namespace albert::ops::cuda {

ALBERT_HOST_DEVICE inline float weight_of(const CrossEntropyClasses& classes, std::int64_t column) {
  return classes.weights ? classes.weights[column] : 1.0F;
}

/// What a row is compared with: `own` at its label, and `share` of its weight at each class.
struct RowTarget {
  bool is_class;  ///< the label is one
  float own;      ///< NaN if it is not
  float share;    ///< 0 without smoothing
};

ALBERT_HOST_DEVICE inline RowTarget target_of(const CrossEntropyClasses& classes, std::int64_t label) {
  const bool is_class = label >= 0 && label < classes.count;
  return {is_class, is_class ? (1.0F - classes.smoothing) * weight_of(classes, label) : NAN,
          classes.smoothing / static_cast<float>(classes.count)};
}

/// The sum of the weights of all classes, for all threads of a team.
template <typename Team>
ALBERT_HOST_DEVICE float weight_sum(const CrossEntropyClasses& classes, Team& team) {
  if (!classes.weights) return static_cast<float>(classes.count);
  float total[1] = {0};
  for (std::int64_t c = team.rank(); c < classes.count; c += team.size()) total[0] += classes.weights[c];
  team.sum(total);
  return total[0];
}

/// The loss of a row. The largest logit and the sum of the exponentials are found in one pass.
template <int kWidth, typename T, typename Team>
ALBERT_HOST_DEVICE void compare_row(const CrossEntropyRows<T>& rows, std::int64_t row, Team& team) {
  const CrossEntropyClasses& classes = rows.classes;
  const T* logits = rows.logits + row * classes.count;
  const RowTarget target = target_of(classes, rows.labels[row]);
  float top = -INFINITY, exponentials = 0, weighted[1] = {0};
  for (std::int64_t c = team.rank() * kWidth; c < classes.count; c += team.size() * kWidth) {
    float x[kWidth];
    load(logits + c, x);
    float higher = top;
    for (int i = 0; i < kWidth; ++i) higher = fmaxf(higher, x[i]);
    exponentials *= top < higher ? expf(top - higher) : 1.0F;
    top = higher;
    for (int i = 0; i < kWidth; ++i) exponentials += expf(x[i] - top);
    if (target.share == 0.0F) continue;
    for (int i = 0; i < kWidth; ++i) weighted[0] += weight_of(classes, c + i) * x[i];
  }
  const float highest = team.largest(top);
  float total[1] = {exponentials * (top < highest ? expf(top - highest) : 1.0F)};
  team.sum(total);
  const float log_sum = highest + logf(total[0]);
  float spread = 0;
  if (target.share != 0.0F) {  // for all rows or none: the team stays together
    team.sum(weighted);
    spread = target.share * (weight_sum(classes, team) * log_sum - weighted[0]);
  }
  if (team.rank() != 0) return;
  rows.log_sums[row] = log_sum;
  rows.losses[row] = target.is_class ? target.own * (log_sum - to_float(logits[rows.labels[row]])) + spread : NAN;
}

template <int kWidth, typename T, typename Team>
ALBERT_HOST_DEVICE void compare_row_backward(const CrossEntropyRows<T>& rows, std::int64_t row, Team& team) {
  const CrossEntropyClasses& classes = rows.classes;
  const std::int64_t first = row * classes.count, label = rows.labels[row];
  const RowTarget target = target_of(classes, label);
  const float grad = rows.grad[0], log_sum = rows.log_sums[row];
  const float sum = target.own + (target.share != 0.0F ? target.share * weight_sum(classes, team) : 0.0F);
  for (std::int64_t c = team.rank() * kWidth; c < classes.count; c += team.size() * kWidth) {
    float x[kWidth];
    load(rows.logits + first + c, x);
    for (int i = 0; i < kWidth; ++i) {
      const float wanted = target.share * weight_of(classes, c + i) + (c + i == label ? target.own : 0.0F);
      x[i] = (expf(x[i] - log_sum) * sum - wanted) * grad;
    }
    store(x, rows.grad_logits + first + c);
  }
}

}  // namespace albert::ops::cuda
