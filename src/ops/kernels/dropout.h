#pragma once

#include "ops/kernels/vec.h"
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

}  // namespace albert::ops::kernels::ALBERT_ISA
