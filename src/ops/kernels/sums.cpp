#include "ops/kernels/functions.h"

namespace albert::ops::kernels::ALBERT_ISA {

template <typename T>
void accumulate(const T* x, float* sum, std::int64_t size) {
  for (std::int64_t i = 0; i < size; i += kWidth) {
    const std::int64_t count = size - i;
    store(sum + i, load(sum + i, count) + load(x + i, count), count);
  }
}

template <typename T>
void column_sum(const T* x, float* sum, std::int64_t rows, std::int64_t columns) {
  for (std::int64_t r = 0; r < rows; ++r) accumulate(x + r * columns, sum, columns);
}

#define ALBERT_INSTANTIATE(T)                               \
  template void accumulate(const T*, float*, std::int64_t); \
  template void column_sum(const T*, float*, std::int64_t, std::int64_t);
ALBERT_INSTANTIATE(float)
ALBERT_INSTANTIATE(Bfloat16)
#undef ALBERT_INSTANTIATE

}  // namespace albert::ops::kernels::ALBERT_ISA
