#pragma once

#include "ops/kernels/operand.h"

/// Products of matrices that fit the cache, C [M, N] (+)= A [M, K] B [K, N]: the block of C under work stays in
/// registers.
namespace albert::ops::kernels::ALBERT_ISA {

#if defined(__AVX512BF16__)
inline constexpr int kTileRows = 6;  // 24 of the 32 registers hold C
inline constexpr int kTileVectors = 4;
#else
inline constexpr int kTileRows = 4;  // 12 of the 16 registers
inline constexpr int kTileVectors = 3;
#endif

/// A: unit (m, k) lies at data[m * row + k * unit], so that a matrix may be read on its side.
template <typename U>
struct LeftOperand {
  const U* data;
  std::int64_t row, unit;
};

inline Vec multiply_add(Vec sum, float a, const float* b) {
  return sum + load(b) * a;
}

#if defined(__AVX512BF16__)
inline Vec multiply_add(Vec sum, std::uint32_t a, const std::uint32_t* b) {
  return (Vec)_mm512_dpbf16_ps((__m512)sum, (__m512bh)_mm512_loadu_si512(b),
                               (__m512bh)_mm512_set1_epi32(static_cast<int>(a)));
}
#endif

template <int kRows, int kVectors, typename U>
void gemm_tile(const LeftOperand<U>& a, const U* b, std::int64_t ldb, std::int64_t num_units, float* c,
               std::int64_t ldc, bool add) {
  Vec sums[kRows][kVectors];
  for (int m = 0; m < kRows; ++m) {
    for (int n = 0; n < kVectors; ++n) sums[m][n] = add ? load(c + m * ldc + n * kWidth) : Vec{};
  }
  for (std::int64_t k = 0; k < num_units; ++k) {
#pragma GCC unroll 8
    for (int m = 0; m < kRows; ++m) {
      const U left = a.data[m * a.row + k * a.unit];
#pragma GCC unroll 8
      for (int n = 0; n < kVectors; ++n) sums[m][n] = multiply_add(sums[m][n], left, b + k * ldb + n * kWidth);
    }
  }
  for (int m = 0; m < kRows; ++m) {
    for (int n = 0; n < kVectors; ++n) store(c + m * ldc + n * kWidth, sums[m][n]);
  }
}

/// All rows of a column of tiles; the last tile may be lower.
template <int kVectors, typename U>
void gemm_panel(LeftOperand<U> a, std::int64_t rows, const U* b, std::int64_t ldb, std::int64_t num_units, float* c,
                std::int64_t ldc, bool add) {
  for (; rows >= kTileRows; rows -= kTileRows, a.data += kTileRows * a.row, c += kTileRows * ldc) {
    gemm_tile<kTileRows, kVectors>(a, b, ldb, num_units, c, ldc, add);
  }
  if (rows & 4) {
    gemm_tile<4, kVectors>(a, b, ldb, num_units, c, ldc, add);
    a.data += 4 * a.row;
    c += 4 * ldc;
  }
  if (rows & 2) {
    gemm_tile<2, kVectors>(a, b, ldb, num_units, c, ldc, add);
    a.data += 2 * a.row;
    c += 2 * ldc;
  }
  if (rows & 1) gemm_tile<1, kVectors>(a, b, ldb, num_units, c, ldc, add);
}

/// \param columns a multiple of kWidth, as are ldb and ldc
/// \param add whether C is added to
template <typename U>
void gemm(const LeftOperand<U>& a, std::int64_t rows, const U* b, std::int64_t ldb, std::int64_t columns,
          std::int64_t num_units, float* c, std::int64_t ldc, bool add) {
  std::int64_t vectors = columns / kWidth;
  for (; vectors >= kTileVectors; vectors -= kTileVectors, b += kTileVectors * kWidth, c += kTileVectors * kWidth) {
    gemm_panel<kTileVectors>(a, rows, b, ldb, num_units, c, ldc, add);
  }
  for (; vectors > 0; --vectors, b += kWidth, c += kWidth) gemm_panel<1>(a, rows, b, ldb, num_units, c, ldc, add);
}

}  // namespace albert::ops::kernels::ALBERT_ISA
