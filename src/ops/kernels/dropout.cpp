#include "ops/kernels/functions.h"
#include "ops/kernels/vec_dropout.h"

namespace albert::ops::kernels::ALBERT_ISA {

template <typename T>
void dropout(const T* x, T* out, std::int64_t rows, std::int64_t columns, const DropoutSite& site) {
  float factors[kDropoutBlock];
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t begin = 0; begin < columns; begin += kDropoutBlock) {
      dropout_block(site, r, 0, begin / kDropoutBlock, factors);
      const std::int64_t end = smaller(begin + kDropoutBlock, columns);
      for (std::int64_t c = begin; c < end; c += kWidth) {
        store(out + r * columns + c, load(x + r * columns + c, end - c) * load(factors + c - begin), end - c);
      }
    }
  }
}

template void dropout(const float*, float*, std::int64_t, std::int64_t, const DropoutSite&);
template void dropout(const Bfloat16*, Bfloat16*, std::int64_t, std::int64_t, const DropoutSite&);

}  // namespace albert::ops::kernels::ALBERT_ISA
