#pragma once

#include "ops/kernels/vec.h"

namespace albert::ops::kernels::ALBERT_ISA {

template <typename T>
void add_bias(T* x, const float* bias, std::int64_t rows, std::int64_t columns) {
  for (std::int64_t r = 0; r < rows; ++r) {
    T* row = x + r * columns;
    for (std::int64_t c = 0; c < columns; c += kWidth) {
      const std::int64_t count = columns - c;
      store(row + c, load(row + c, count) + load(bias + c, count), count);
    }
  }
}

template <typename T>
void column_sum(const T* x, float* sum, std::int64_t rows, std::int64_t columns) {
  for (std::int64_t r = 0; r < rows; ++r) {
    const T* row = x + r * columns;
    for (std::int64_t c = 0; c < columns; c += kWidth) {
      const std::int64_t count = columns - c;
      store(sum + c, load(sum + c, count) + load(row + c, count), count);
    }
  }
}

}  // namespace albert::ops::kernels::ALBERT_ISA
