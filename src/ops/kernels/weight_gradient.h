#pragma once

#include "ops/kernels/gemm.h"
#include "ops/kernels/tiles.h"

namespace albert::ops::kernels::ALBERT_ISA {

namespace {

/// Units across rows, kWidth of them, for kWidth columns; zero beyond the matrix.
template <typename T>
void load_square(const T* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, Words (&square)[kWidth]) {
  constexpr std::int64_t kSize = UnitOf<T>::kSize;
  if (rows < kWidth * kSize || columns < kWidth) {
    Unit<T> some[kWidth * kWidth] = {};
    pack_across(x, stride, smaller(kWidth * kSize, rows), columns, some, kWidth);
    __builtin_memcpy(square, some, sizeof square);
    return;
  }
#pragma GCC unroll 16
  for (std::int64_t i = 0; i < kWidth; ++i) {
    if constexpr (kSize == 2) {
      square[i] = join(load_elements(x + 2 * i * stride), load_elements(x + (2 * i + 1) * stride));
    } else {
      square[i] = (Words)load(x + i * stride);
    }
  }
}

}  // namespace

template <typename T>
void turn_rows(const T* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, std::uint32_t* turned,
               std::int64_t turned_stride) {
  constexpr std::int64_t kSize = UnitOf<T>::kSize;
  for (std::int64_t row = 0; row < rows; row += kWidth * kSize) {
    for (std::int64_t c = 0; c < columns; c += kWidth) {
      Words square[kWidth];
      load_square(x + row * stride + c, stride, rows - row, columns - c, square);
      transpose(square);
#pragma GCC unroll 16
      for (std::int64_t i = 0; i < kWidth; ++i) {
        if (i < columns - c) {
          __builtin_memcpy(turned + (c + i) * turned_stride + row / kSize, &square[i], sizeof(Words));
        }
      }
    }
  }
}

template <typename T>
void turn_units(const T* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, std::uint32_t* panel) {
  constexpr std::int64_t kSize = sizeof(std::uint32_t) / sizeof(T);
  pack_transposed(reinterpret_cast<const std::uint32_t*>(x), stride / kSize, rows, columns / kSize, panel,
                  kPanelColumns);
}

template <typename T>
void pair_rows(const T* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, std::uint32_t* panel) {
  auto* to = reinterpret_cast<Unit<T>*>(panel);
  pack_across(x, stride, rows, columns, to, kPanelColumns);
  clear_rows(to, kPanelColumns, units<T>(rows), round_up(units<T>(rows), kDepthStep));
}

template <typename T>
void weight_gradient(const WeightGradient<T>& g) {
  multiply<T>(g.by_tiles, reinterpret_cast<const Unit<T>*>(g.turned), g.turned_stride, g.out,
              reinterpret_cast<const Unit<T>*>(g.panel), kPanelColumns, g.in, units<T>(g.rows),
              round_up(units<T>(g.rows), kDepthStep), g.sum, g.sum_stride, g.add);
}

}  // namespace albert::ops::kernels::ALBERT_ISA
