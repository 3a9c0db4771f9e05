#pragma once

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include "ops/dropout_state.h"
#include "ops/row_data.h"

/// What the fast forms share.
namespace albert::ops::fast {

/// Rows that one thread takes at least, and over which one partial sum runs.
inline constexpr std::int64_t kBlockRows = 32;

/// work(begin, end) over parts of the rows, on all threads.
template <typename Work>
void for_rows(std::int64_t rows, const Work& work) {
  at::parallel_for(0, rows, kBlockRows, work);
}

/// Sums over rows: work(begin, end, sum) adds its rows to sum [size], which begins at 0; blocks of kBlockRows rows,
/// added up in order.
/// \return [size] float32
template <typename Work>
at::Tensor sum_over_rows(std::int64_t rows, std::int64_t size, const Work& work) {
  const std::int64_t blocks = (rows + kBlockRows - 1) / kBlockRows;
  const at::Tensor partial = at::zeros({blocks, size}, at::kFloat);
  at::parallel_for(0, blocks, 1, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t block = first; block < last; ++block) {
      work(block * kBlockRows, std::min(rows, (block + 1) * kBlockRows), data<float>(partial) + block * size);
    }
  });
  at::Tensor total = at::zeros({size}, at::kFloat);
  kernels::kernels_of<float>().column_sum(data<float>(partial), data<float>(total), blocks, size);
  return total;
}

}  // namespace albert::ops::fast
