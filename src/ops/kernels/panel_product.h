#pragma once

#include "ops/kernels/activation.h"
#include "ops/kernels/gemm.h"
#include "ops/kernels/tiles.h"
#include "ops/kernels/vec.h"

/// Products for prediction, and with AMX for training: rows times a panel of a matrix, summed in registers of 32 bits, and at once scaled, shifted by
/// the bias and put through the activation. Both are made of units of 32 bits along the inner dimension: one float, two
/// bfloat16, or four bytes, of which those of the rows have no sign; sums of bytes are exact. What a row gives depends on
/// that row alone: the order of its sums does not change with the rows beside it.
namespace albert::ops::kernels::ALBERT_ISA {

namespace {

#if defined(__AVX512VNNI__)

/// Sums of one row and kWidth columns.
struct ByteSums {
  static constexpr int kRows = 6;  // 24 of the 32 registers hold sums
  static constexpr int kVectors = 4;

  void add(std::uint32_t x, const std::uint32_t* columns) {
    sums =
        (Ints)_mm512_dpbusd_epi32((__m512i)sums, _mm512_set1_epi32(static_cast<int>(x)), _mm512_loadu_si512(columns));
  }
  Ints total() const { return sums; }

  Ints sums = {};
};

#elif defined(__AVX2__)

/// The instruction that multiplies bytes cuts its sums to 16 bits, so the bytes are widened first.
struct ByteSums {
  static constexpr int kRows = 2;
  static constexpr int kVectors = 2;

  void add(std::uint32_t x, const std::uint32_t* columns) {
    const __m256i row = _mm256_cvtepu8_epi16(_mm_set1_epi32(static_cast<int>(x)));
    low += (Ints)_mm256_madd_epi16(row, widened(columns));
    high += (Ints)_mm256_madd_epi16(row, widened(columns + 4));
  }
  Ints total() const {
    // Of two vectors, neighbours are added within each half: columns 0 1 4 5 2 3 6 7.
    return (Ints)_mm256_permute4x64_epi64(_mm256_hadd_epi32((__m256i)low, (__m256i)high), 0b11'01'10'00);
  }
  static __m256i widened(const std::uint32_t* four) {
    return _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(four)));
  }

  Ints low = {}, high = {};  ///< of four columns, two sums each
};

#else

struct ByteSums {
  static constexpr int kRows = 1;
  static constexpr int kVectors = 4;

  void add(std::uint32_t x, const std::uint32_t* columns) {
    std::uint8_t row[4];
    std::int8_t column[4 * kWidth];
    __builtin_memcpy(row, &x, sizeof row);
    __builtin_memcpy(column, columns, sizeof column);
    for (int i = 0; i < 4 * kWidth; ++i) sums[i / 4] += row[i % 4] * column[i];
  }
  Ints total() const { return sums; }

  Ints sums = {};
};

#endif

struct Identity {
  static Vec value(Vec x) { return x; }
};

/// Rows and columns of bytes, which are scaled when they are summed.
struct Bytes {
  static constexpr bool kAreBytes = true;
  using Sums = ByteSums;
  using Total = Ints;

  template <typename T>
  static Vec scaled(const PanelProduct<T>& p, std::int64_t row, std::int64_t column, Total sums) {
    Ints column_sums;
    __builtin_memcpy(&column_sums, p.column_sums + column, sizeof column_sums);
    const Vec exact = __builtin_convertvector(sums - column_sums * p.row_zeros[row], Vec);
    return exact * p.row_scales[row] * load(p.column_scales + column);
  }
};

struct SingleSums {
#if defined(__AVX512BF16__)
  static constexpr int kRows = 6;
  static constexpr int kVectors = 4;
#elif defined(__AVX2__)
  static constexpr int kRows = 6;  // 12 of the 16 registers
  static constexpr int kVectors = 2;
#else
  static constexpr int kRows = 2;
  static constexpr int kVectors = 4;
#endif

  void add(std::uint32_t x, const std::uint32_t* columns) {
    sums = multiply_add(sums, __builtin_bit_cast(float, x), reinterpret_cast<const float*>(columns));
  }
  Vec total() const {
    return sums;
  }

  Vec sums = {};
};

/// Rows and columns of float32.
struct Singles {
  using Sums = SingleSums;
  using Total = Vec;

  template <typename T>
  static Vec scaled(const PanelProduct<T>& /*p*/, std::int64_t /*row*/, std::int64_t /*column*/, Total sums) {
    return sums;
  }
};

#if defined(__AVX512BF16__)

struct PairSums {
  static constexpr int kRows = 6;
  static constexpr int kVectors = 4;

  void add(std::uint32_t x, const std::uint32_t* columns) { sums = multiply_add(sums, x, columns); }
  Vec total() const { return sums; }

  Vec sums = {};
};

/// Rows and columns of bfloat16.
struct Pairs {
  static constexpr bool kAreBytes = false;
  using Sums = PairSums;
  using Total = Vec;

  template <typename T>
  static Vec scaled(const PanelProduct<T>& /*p*/, std::int64_t /*row*/, std::int64_t /*column*/, Total sums) {
    return sums;
  }
};

#endif

/// Writes kWidth columns of one row of which the sums are known.
template <typename Elements, typename F, typename T>
void finish(const PanelProduct<T>& p, std::int64_t row, std::int64_t column, typename Elements::Total sums) {
  const Vec shift = p.bias ? load(p.bias + column, p.columns - column) : Vec{};
  const Vec value = Elements::scaled(p, row, column, sums) + shift;
  store(p.out + row * p.out_stride + column, F::value(value), p.columns - column);
}

template <typename Elements, typename F, int kRows, typename T>
void panel_tile(const PanelProduct<T>& p, std::int64_t row, std::int64_t column) {
  using Sums = Elements::Sums;
  Sums sums[kRows][Sums::kVectors];
  const std::uint32_t* x = p.x + row * p.x_stride;
  const std::uint32_t* panel = p.panel + column;
  for (std::int64_t k = 0; k < p.depth; ++k) {
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
      for (int v = 0; v < Sums::kVectors; ++v)
        sums[r][v].add(x[r * p.x_stride + k], panel + k * kPanelColumns + v * kWidth);
    }
  }
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < Sums::kVectors; ++v) finish<Elements, F>(p, row + r, column + v * kWidth, sums[r][v].total());
  }
}

template <typename Elements, typename F, typename T>
void by_vectors(const PanelProduct<T>& p) {
  constexpr int kRows = Elements::Sums::kRows;
  for (std::int64_t column = 0; column < p.columns; column += Elements::Sums::kVectors * kWidth) {
    std::int64_t row = 0;
    for (; row + kRows <= p.rows; row += kRows) panel_tile<Elements, F, kRows>(p, row, column);
    for (; row + kRows / 2 <= p.rows && kRows > 2; row += kRows / 2) panel_tile<Elements, F, kRows / 2>(p, row, column);
    for (; row < p.rows; ++row) panel_tile<Elements, F, 1>(p, row, column);
  }
}

#if defined(__AVX512VNNI__)

template <typename Elements, typename F, typename T>
ALBERT_AMX void by_tiles(const PanelProduct<T>& p) {
  alignas(64) std::int32_t sums[4 * kTile * kTile];
  std::int64_t shaped = 0;  // rows that the tiles have
  for (std::int64_t row = 0; row < p.rows; row += 2 * kTile) {
    const std::int64_t rows = smaller(2 * kTile, p.rows - row);
    if (rows != shaped) shape_tiles(smaller(rows, kTile), rows > kTile ? rows - kTile : 1);
    shaped = rows;
    for (std::int64_t column = 0; column < p.columns; column += 2 * kTile) {
      const std::uint32_t* x = p.x + row * p.x_stride;
      if (rows > kTile) {
        tile_square<Elements::kAreBytes, true, true>(x, p.x_stride, p.panel + column, kPanelColumns, p.depth, sums,
                                                     2 * kTile, false);
      } else {
        tile_square<Elements::kAreBytes, false, true>(x, p.x_stride, p.panel + column, kPanelColumns, p.depth, sums,
                                                      2 * kTile, false);
      }
      for (std::int64_t r = 0; r < rows; ++r) {
        for (std::int64_t c = 0; c < 2 * kTile; c += kWidth) {
          typename Elements::Total part;
          __builtin_memcpy(&part, sums + r * 2 * kTile + c, sizeof part);
          finish<Elements, F>(p, row + r, column + c, part);
        }
      }
    }
  }
  _tile_release();
}

#endif

template <typename Elements, typename F, typename T>
void product_with(const PanelProduct<T>& p) {
#if defined(__AVX512VNNI__)
  if constexpr (!__is_same(Elements, Singles)) {
    if (p.by_tiles) return by_tiles<Elements, F>(p);
  }
#endif
  by_vectors<Elements, F>(p);
}

template <typename Elements, typename T>
void product(const PanelProduct<T>& p) {
  if (!p.has_activation) return product_with<Elements, Identity>(p);
  if (p.activation == Activation::kGelu) return product_with<Elements, Gelu>(p);
  if (p.activation == Activation::kGeluTanh) return product_with<Elements, GeluTanh>(p);
  product_with<Elements, Relu>(p);
}

}  // namespace

template <typename T>
void int8_product(const PanelProduct<T>& p) {
  product<Bytes>(p);
}

/// In bfloat16 only where the processor multiplies it.
template <typename T>
void panel_product([[maybe_unused]] const PanelProduct<T>& p) {
  if constexpr (__is_same(T, float)) {
    product<Singles>(p);
  } else {
#if defined(__AVX512BF16__)
    product<Pairs>(p);
#else
    __builtin_trap();
#endif
  }
}

/// Each row has 256 steps of its own, from its least number to its largest, 0 among them.
template <typename T>
void round_rows(const T* x, std::int64_t rows, std::int64_t columns, std::uint8_t* bytes, std::int64_t stride,
                float* scales, std::int32_t* zeros) {
  typedef std::uint8_t Bytes __attribute__((vector_size(kWidth)));
  const Vec magic = broadcast(12582912.0F);  // 1.5 * 2^23: adding it rounds to the nearest integer
  for (std::int64_t r = 0; r < rows; ++r) {
    const T* row = x + r * columns;
    Vec high = {}, low = {};
    for (std::int64_t c = 0; c < columns; c += kWidth) {
      const Vec v = load(row + c, columns - c);
      high = larger(high, v);
      low = larger(low, -v);
    }
    const float top = largest(high), bottom = largest(low);
    const float scale = (top + bottom) / 255.0F;
    const bool is_finite = scale < __builtin_inff();  // otherwise all that is computed of the row is NaN
    const float inverse = is_finite && scale > 0 ? 1.0F / scale : 0.0F;
    const std::int32_t zero = is_finite ? static_cast<std::int32_t>(__builtin_lrintf(bottom * inverse)) : 0;
    scales[r] = is_finite ? scale : __builtin_nanf("");
    zeros[r] = zero;
    std::uint8_t* out = bytes + r * stride;
    for (std::int64_t c = 0; c < columns; c += kWidth) {
      Ints v = (Ints)(load(row + c, columns - c) * inverse + magic) - (Ints)magic + zero;
      v = v < 0 ? Ints{} : v;
      v = v > 255 ? Ints{} + 255 : v;
      const Bytes part = __builtin_convertvector(v, Bytes);
      const std::int64_t count = smaller(kWidth, columns - c);
      if (count == kWidth) {
        __builtin_memcpy(out + c, &part, sizeof part);
      } else {
        for (std::int64_t i = 0; i < count; ++i) out[c + i] = part[i];
      }
    }
  }
}

}  // namespace albert::ops::kernels::ALBERT_ISA
