#pragma once

#include "ops/cuda/dropout.h"

/// A thread of a team keeps what it has of a row in registers: the columns of the Philox calls rank, rank + size, ..., of
/// which there are at most kCalls.
namespace albert::ops::cuda {

/// Calls work(index into the registers, column) for each column that a thread has of a row.
template <int kCalls, typename Team, typename Work>
ALBERT_HOST_DEVICE void for_columns(std::int64_t columns, const Team& team, const Work& work) {
  for (int k = 0; k < kCalls; ++k) {
    for (int i = 0; i < kOfCall; ++i) {
      const std::int64_t column = column_of(team.rank() + k * team.size(), i);
      if (column < columns) work(k * kOfCall + i, column);
    }
  }
}

/// residual + dropout(x) of a row, and the factors of the dropout.
template <int kCalls, typename T, typename Team>
ALBERT_HOST_DEVICE void add_row(const NormRows<T>& rows, std::int64_t row, const Team& team,
                                float (&sum)[kCalls * kOfCall], float (&factors)[kCalls * kOfCall]) {
  for (int k = 0; k < kCalls; ++k) {
    float of_call[kOfCall];
    keep_factors(rows.dropout, row, team.rank() + k * team.size(), of_call);
    for (int i = 0; i < kOfCall; ++i) factors[k * kOfCall + i] = of_call[i];
  }
  for_columns<kCalls>(rows.columns, team, [&](int i, std::int64_t column) {
    const std::int64_t at = row * rows.columns + column;
    sum[i] = to_float(rows.x[at]) * factors[i];
    if (rows.residual) sum[i] += to_float(rows.residual[at]);
  });
}

template <int kCalls, typename T, typename Team>
ALBERT_HOST_DEVICE void normalise_row(const NormRows<T>& rows, std::int64_t row, Team& team) {
  float x[kCalls * kOfCall] = {}, factors[kCalls * kOfCall];
  add_row<kCalls>(rows, row, team, x, factors);
  float total[1] = {0};
  for_columns<kCalls>(rows.columns, team, [&](int i, std::int64_t) { total[0] += x[i]; });
  team.sum(total);
  const float mean = total[0] / static_cast<float>(rows.columns);
  float squares[1] = {0};
  for_columns<kCalls>(rows.columns, team, [&](int i, std::int64_t) { squares[0] += (x[i] - mean) * (x[i] - mean); });
  team.sum(squares);
  const float inverse = 1.0F / sqrtf(squares[0] / static_cast<float>(rows.columns) + rows.epsilon);
  if (team.rank() == 0) {
    rows.mean[row] = mean;
    rows.inverse[row] = inverse;
  }
  for_columns<kCalls>(rows.columns, team, [&](int i, std::int64_t column) {
    rows.out[row * rows.columns + column] =
        rounded<T>((x[i] - mean) * inverse * rows.gamma[column] + rows.beta[column]);
  });
}

/// The rows of a strip, one after the other, with their part of the gradients of gamma and beta.
template <int kCalls, typename T, typename Team>
ALBERT_HOST_DEVICE void normalise_backward(const NormRows<T>& rows, std::int64_t strip, Team& team) {
  constexpr int kOwn = kCalls * kOfCall;
  float gamma_sums[kOwn] = {}, beta_sums[kOwn] = {};
  for (std::int64_t row = strip; row < rows.rows; row += rows.strips) {
    const std::int64_t first = row * rows.columns;
    const float mean = rows.mean[row], inverse = rows.inverse[row];
    float x[kOwn] = {}, factors[kOwn], grad[kOwn] = {};
    add_row<kCalls>(rows, row, team, x, factors);
    float totals[2] = {0, 0};
    for_columns<kCalls>(rows.columns, team, [&](int i, std::int64_t column) {
      const float y = to_float(rows.grad[first + column]);
      x[i] = (x[i] - mean) * inverse;
      grad[i] = y * rows.gamma[column];
      gamma_sums[i] += y * x[i];
      beta_sums[i] += y;
      totals[0] += grad[i];
      totals[1] += grad[i] * x[i];
    });
    team.sum(totals);
    const float mean_grad = totals[0] / static_cast<float>(rows.columns);
    const float mean_product = totals[1] / static_cast<float>(rows.columns);
    for_columns<kCalls>(rows.columns, team, [&](int i, std::int64_t column) {
      const float d = (grad[i] - mean_grad - x[i] * mean_product) * inverse;
      if (rows.grad_residual) rows.grad_residual[first + column] = rounded<T>(d);
      rows.grad_x[first + column] = rounded<T>(d * factors[i]);
    });
  }
  float* const sums = rows.sums + 2 * strip * rows.columns;
  for_columns<kCalls>(rows.columns, team, [&](int i, std::int64_t column) {
    sums[column] = gamma_sums[i];
    sums[rows.columns + column] = beta_sums[i];
  });
}

}  // namespace albert::ops::cuda
