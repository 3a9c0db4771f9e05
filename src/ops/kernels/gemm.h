#pragma once

#include <cstddef>
#include <utility>

#include "ops/kernels/vec.h"

/// Products of matrices that fit the cache, C [M, N] (+)= A [M, K] B [K, N]: the block of C under work stays in
/// registers. Matrices are made of 32-bit units that lie along the inner dimension, each one float, or a pair of
/// bfloat16 where the processor multiplies those.
namespace albert::ops::kernels::ALBERT_ISA {

template <typename T>
struct UnitOf {
  using Type = float;
  static constexpr int kSize = 1;  ///< elements per unit
};

#if defined(__AVX512BF16__)
template <>
struct UnitOf<Bfloat16> {
  using Type = std::uint32_t;
  static constexpr int kSize = 2;
};
#endif

template <typename T>
using Unit = UnitOf<T>::Type;

/// Units that hold `n` elements.
template <typename T>
constexpr std::int64_t units(std::int64_t n) {
  return (n + UnitOf<T>::kSize - 1) / UnitOf<T>::kSize;
}

/// A vector of floats as the elements of units, in order: kWidth / kSize units.
inline void store_units(float* to, Vec v) {
  store(to, v);
}
inline void store_units(std::uint32_t* to, Vec v) {
  const Halves bits = narrow(v);
  __builtin_memcpy(to, &bits, sizeof bits);
}

/// Elements as they stand in memory, for moving them without a way through float.
inline Halves load_elements(const Bfloat16* from) {
  Halves bits;
  __builtin_memcpy(&bits, from, sizeof bits);
  return bits;
}

inline Words join(Halves first, Halves second) {
  return to_words(first) | (to_words(second) << 16);
}

/// Two vectors of floats as a vector of pairs; the second is lost where a unit is one float.
inline void store_pairs(float* to, Vec first, Vec /*second*/) {
  store(to, first);
}
inline void store_pairs(std::uint32_t* to, Vec first, Vec second) {
  const Words pairs = join(narrow(first), narrow(second));
  __builtin_memcpy(to, &pairs, sizeof pairs);
}

/// Rows as they are, units along the row: to [rows, ld], zero up to ld.
/// \param ld a multiple of kWidth
template <typename T>
void pack_rows(const T* from, std::int64_t stride, std::int64_t rows, std::int64_t columns, Unit<T>* to,
               std::int64_t ld) {
  constexpr int kSize = UnitOf<T>::kSize;
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t u = 0; u < ld; u += kWidth) {
      const T* part = from + r * stride + u * kSize;
      const std::int64_t count = columns - u * kSize;
      if constexpr (kSize == 1) {
        store(to + r * ld + u, count > 0 ? load(part, count) : Vec{});
      } else {
        T copy[kWidth * kSize] = {};
        if (count >= kWidth * kSize) {
          __builtin_memcpy(copy, part, sizeof copy);
        } else {
          for (std::int64_t i = 0; i < count; ++i) copy[i] = part[i];
        }
        __builtin_memcpy(to + r * ld + u, copy, sizeof copy);
      }
    }
  }
}

/// Of two rows that are kStep apart, which exchange the halves of their blocks of 2 kStep lanes, the first and the second.
template <std::size_t kStep, std::size_t... kLanes>
Words first_exchanged(Words first, Words second, std::index_sequence<kLanes...> /*all*/) {
  return __builtin_shufflevector(first, second, ((kLanes & kStep) != 0 ? kLanes - kStep + kWidth : kLanes)...);
}
template <std::size_t kStep, std::size_t... kLanes>
Words second_exchanged(Words first, Words second, std::index_sequence<kLanes...> /*all*/) {
  return __builtin_shufflevector(first, second, ((kLanes & kStep) != 0 ? kLanes + kWidth : kLanes + kStep)...);
}

/// kWidth rows of kWidth units on their side: halves of rows are exchanged, then quarters, and so on.
template <std::size_t kStep = kWidth / 2>
__attribute__((always_inline)) inline void transpose(Words (&rows)[kWidth]) {
  constexpr std::make_index_sequence<kWidth> kAll;
#pragma GCC unroll 16
  for (std::size_t r = 0; r < kWidth; ++r) {
    if ((r & kStep) != 0) continue;
    const Words first = rows[r], second = rows[r + kStep];
    rows[r] = first_exchanged<kStep>(first, second, kAll);
    rows[r + kStep] = second_exchanged<kStep>(first, second, kAll);
  }
  if constexpr (kStep > 1) transpose<kStep / 2>(rows);
}

/// Units on their side: from [rows, from_ld] to [num_units, ld], zero from column `rows` up to ld.
/// \param num_units a multiple of kWidth, as is ld
template <typename U>
void pack_transposed(const U* from, std::int64_t from_ld, std::int64_t rows, std::int64_t num_units, U* to,
                     std::int64_t ld) {
  for (std::int64_t begin = 0; begin < ld; begin += kWidth) {
    const std::int64_t count = smaller(kWidth, rows - begin);
    for (std::int64_t unit = 0; unit < num_units; unit += kWidth) {
      Words square[kWidth];
      for (std::int64_t i = 0; i < kWidth; ++i) {
        square[i] = Words{};
        if (i < count) __builtin_memcpy(&square[i], from + (begin + i) * from_ld + unit, sizeof(Words));
      }
      transpose(square);
      for (std::int64_t i = 0; i < kWidth; ++i)
        __builtin_memcpy(to + (unit + i) * ld + begin, &square[i], sizeof(Words));
    }
  }
}

/// Rows paired off, units across them: to [units(rows), ld], zero up to ld and in the missing half of an odd last pair.
template <typename T>
void pack_across(const T* from, std::int64_t stride, std::int64_t rows, std::int64_t columns, Unit<T>* to,
                 std::int64_t ld) {
  constexpr int kSize = UnitOf<T>::kSize;
  for (std::int64_t u = 0; u < units<T>(rows); ++u) {
    const T* first = from + u * kSize * stride;
    const bool has_second = kSize == 2 && 2 * u + 1 < rows;
    for (std::int64_t c = 0; c < ld; c += kWidth) {
      const std::int64_t count = columns - c;
      if constexpr (kSize == 2) {
        if (has_second && count >= kWidth) {
          const Words pairs = join(load_elements(first + c), load_elements(first + stride + c));
          __builtin_memcpy(to + u * ld + c, &pairs, sizeof pairs);
          continue;
        }
      }
      store_pairs(to + u * ld + c, count > 0 ? load(first + c, count) : Vec{},
                  has_second && count > 0 ? load(first + stride + c, count) : Vec{});
    }
  }
}

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
