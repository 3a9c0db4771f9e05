#pragma once

#include "ops/kernels/gemm.h"

#if defined(__AVX512VNNI__)

/// Products by AMX, which the processor may lack: who calls them has looked. Matrices are made of units of 32 bits along
/// the inner dimension, two bfloat16 or four bytes each.
#define ALBERT_AMX __attribute__((target("amx-tile,amx-int8,amx-bf16")))

namespace albert::ops::kernels::ALBERT_ISA {

namespace {

constexpr std::int64_t kTile = 16;  ///< rows of a tile, and units of a row

/// Of the eight tiles: 0 to 3 hold sums, two rows of two; 4 and 5 rows of A, 6 and 7 columns of B. The thread's tiles are
/// in use until _tile_release().
/// \param first, second rows of the upper tiles and of the lower ones, 1 to 16
ALBERT_AMX inline void shape_tiles(std::int64_t first, std::int64_t second) {
  struct alignas(64) {
    std::uint8_t palette = 1, start_row = 0, reserved[14] = {};
    std::uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
    std::uint8_t rows[16] = {};
  } shapes;
  const auto upper = static_cast<std::uint8_t>(first), lower = static_cast<std::uint8_t>(second);
  const std::uint8_t rows[] = {upper, upper, lower, lower, upper, lower, kTile, kTile};
  __builtin_memcpy(shapes.rows, rows, sizeof rows);
  _tile_loadconfig(&shapes);
}

/// C (+)= A B, up to 32 rows and 32 columns.
/// \param kHasLower, kHasRight whether there are more than 16 rows, and columns
/// \param a [rows, depth], depth a multiple of 16
/// \param b [depth, columns]
/// \param c [rows, columns], of int32 for bytes, else float; strides are in units of 32 bits, from row to row
/// \param add whether C is added to
template <bool kAreBytes, bool kHasLower, bool kHasRight>
ALBERT_AMX void tile_square(const std::uint32_t* a, std::int64_t a_stride, const std::uint32_t* b,
                            std::int64_t b_stride, std::int64_t depth, void* c, std::int64_t c_stride, bool add) {
  auto* sums = static_cast<std::uint32_t*>(c);
  if (add) {
    _tile_loadd(0, sums, c_stride * 4);
    if constexpr (kHasRight) _tile_loadd(1, sums + kTile, c_stride * 4);
    if constexpr (kHasLower) _tile_loadd(2, sums + kTile * c_stride, c_stride * 4);
    if constexpr (kHasLower && kHasRight) _tile_loadd(3, sums + kTile * c_stride + kTile, c_stride * 4);
  } else {
    _tile_zero(0);
    if constexpr (kHasRight) _tile_zero(1);
    if constexpr (kHasLower) _tile_zero(2);
    if constexpr (kHasLower && kHasRight) _tile_zero(3);
  }
  for (std::int64_t k = 0; k < depth; k += kTile) {
    _tile_loadd(6, b + k * b_stride, b_stride * 4);
    _tile_loadd(4, a + k, a_stride * 4);
    if constexpr (kHasRight) _tile_loadd(7, b + k * b_stride + kTile, b_stride * 4);
    if constexpr (kHasLower) _tile_loadd(5, a + kTile * a_stride + k, a_stride * 4);
    if constexpr (kAreBytes) {
      _tile_dpbusd(0, 4, 6);
      if constexpr (kHasRight) _tile_dpbusd(1, 4, 7);
      if constexpr (kHasLower) _tile_dpbusd(2, 5, 6);
      if constexpr (kHasLower && kHasRight) _tile_dpbusd(3, 5, 7);
    } else {
      _tile_dpbf16ps(0, 4, 6);
      if constexpr (kHasRight) _tile_dpbf16ps(1, 4, 7);
      if constexpr (kHasLower) _tile_dpbf16ps(2, 5, 6);
      if constexpr (kHasLower && kHasRight) _tile_dpbf16ps(3, 5, 7);
    }
  }
  _tile_stored(0, sums, c_stride * 4);
  if constexpr (kHasRight) _tile_stored(1, sums + kTile, c_stride * 4);
  if constexpr (kHasLower) _tile_stored(2, sums + kTile * c_stride, c_stride * 4);
  if constexpr (kHasLower && kHasRight) _tile_stored(3, sums + kTile * c_stride + kTile, c_stride * 4);
}

/// gemm() of units of bfloat16 that lie along the rows of A.
/// \param columns a multiple of 16, as is num_units
ALBERT_AMX inline void gemm_by_tiles(const std::uint32_t* a, std::int64_t lda, std::int64_t rows,
                                     const std::uint32_t* b, std::int64_t ldb, std::int64_t columns,
                                     std::int64_t num_units, float* c, std::int64_t ldc, bool add) {
  for (std::int64_t row = 0; row < rows; row += 2 * kTile) {
    const std::int64_t count = smaller(2 * kTile, rows - row);
    const bool has_lower = count > kTile;
    shape_tiles(smaller(count, kTile), has_lower ? count - kTile : 1);
    const std::uint32_t* x = a + row * lda;
    for (std::int64_t column = 0; column < columns; column += 2 * kTile) {
      const bool has_right = columns - column > kTile;
      const auto square = has_lower ? (has_right ? tile_square<false, true, true> : tile_square<false, true, false>)
                                    : (has_right ? tile_square<false, false, true> : tile_square<false, false, false>);
      square(x, lda, b + column, ldb, num_units, c + row * ldc + column, ldc, add);
    }
  }
  _tile_release();
}

}  // namespace

}  // namespace albert::ops::kernels::ALBERT_ISA

#endif

namespace albert::ops::kernels::ALBERT_ISA {

namespace {

/// C (+)= A B, by tiles or without: gemm() with A being rows of units that lie in a run.
/// \param columns a multiple of kWidth
/// \param padded_units a multiple of 16; units from num_units on are zero in both where there are tiles, else not read
template <typename T>
void multiply([[maybe_unused]] bool by_tiles, const Unit<T>* a, std::int64_t lda, std::int64_t rows, const Unit<T>* b,
              std::int64_t ldb, std::int64_t columns, std::int64_t num_units,
              [[maybe_unused]] std::int64_t padded_units, float* c, std::int64_t ldc, bool add) {
#if defined(__AVX512VNNI__)
  if constexpr (UnitOf<T>::kSize == 2) {
    if (by_tiles) return gemm_by_tiles(a, lda, rows, b, ldb, columns, padded_units, c, ldc, add);
  }
#endif
  gemm(LeftOperand<Unit<T>>{a, lda, 1}, rows, b, ldb, columns, num_units, c, ldc, add);
}

/// Makes rows of units zero.
template <typename U>
void clear_rows(U* rows, std::int64_t ld, std::int64_t begin, std::int64_t end) {
  for (std::int64_t i = begin * ld; i < end * ld; ++i) rows[i] = {};
}

}  // namespace

}  // namespace albert::ops::kernels::ALBERT_ISA
