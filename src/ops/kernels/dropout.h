#pragma once

#include "ops/kernels/vec.h"

namespace albert::ops::kernels::ALBERT_ISA {

inline constexpr int kDropoutLanes = 16;
inline constexpr int kDropoutBlock = 8 * kDropoutLanes;

// Philox4x32-10 on vectors of counters; base/random.h has it for one, dropout_mask.h says what the counters are.

/// Products of the low words of each 64-bit lane.
inline Longs multiply_low_words(Longs a, Longs b) {
#if defined(__AVX512BF16__)
  return (Longs)_mm512_maskz_mul_epu32(0xff, (__m512i)a, (__m512i)b);  // g++ 12 warns of the form without a mask
#elif defined(__AVX2__)
  return (Longs)_mm256_mul_epu32((__m256i)a, (__m256i)b);
#elif defined(__SSE2__)
  return (Longs)_mm_mul_epu32((__m128i)a, (__m128i)b);
#else
  return (a & 0xffffffffu) * (b & 0xffffffffu);
#endif
}

struct WideProduct {
  Words high, low;
};

inline WideProduct multiply(Words a, std::uint32_t factor) {
  constexpr std::uint64_t kLow = 0xffffffffu;
  const Longs factors = Longs{} + factor;
  const Longs even = multiply_low_words((Longs)a, factors);
  const Longs odd = multiply_low_words((Longs)a >> 32, factors);
  return {(Words)((even >> 32) | (odd & ~kLow)), (Words)((even & kLow) | (odd << 32))};
}

struct Counter {
  Words words[4];
};

inline Counter philox(std::uint64_t key, Counter c) {
  auto k0 = static_cast<std::uint32_t>(key);
  auto k1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const WideProduct p0 = multiply(c.words[0], 0xD2511F53u);
    const WideProduct p1 = multiply(c.words[2], 0xCD9E8D57u);
    c = {{p1.high ^ c.words[1] ^ k0, p1.low, p0.high ^ c.words[3] ^ k1, p0.low}};
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return c;
}

inline Vec keep_factor(Words bits, const DropoutSite& site) {
  return bits >= (Words{} + site.threshold) ? broadcast(site.scale) : Vec{};
}

/// The factors (0 or the scale) of 128 columns of one row.
inline void dropout_block(const DropoutSite& site, std::int64_t row, std::uint32_t head, std::int64_t block,
                          float* factors) {
  const auto number = static_cast<std::uint64_t>(site.row_numbers[row]);
  for (int lane = 0; lane < kDropoutLanes; lane += kWidth) {
    const auto call = static_cast<std::uint32_t>(block * kDropoutLanes + lane);
    const Counter bits =
        philox(site.key, {{Words{} + static_cast<std::uint32_t>(number),
                           Words{} + static_cast<std::uint32_t>(number >> 32), lane_numbers() + call, Words{} + head}});
    for (int word = 0; word < 4; ++word) {
      float* columns = factors + 32 * word + lane;
      store(columns, keep_factor(bits.words[word] & 0xffff, site));
      store(columns + 16, keep_factor(bits.words[word] >> 16, site));
    }
  }
}

/// The factors of a row: [columns rounded up to 128].
inline void dropout_row(const DropoutSite& site, std::int64_t row, std::uint32_t head, std::int64_t columns,
                        float* factors) {
  for (std::int64_t block = 0; block * kDropoutBlock < columns; ++block) {
    dropout_block(site, row, head, block, factors + block * kDropoutBlock);
  }
}

/// The factors of a column's neighbourhood turned on its side: those of kWidth rows, beginning with `row`, in the eight
/// columns that share a call.
/// \param factors [>= columns of the block, stride], where row `row` is at factors[0]; columns at or after `columns`
/// are left out
inline void dropout_rows_of_call(const DropoutSite& site, std::int64_t row, std::int64_t rows, std::uint32_t head,
                                 std::int64_t call, std::int64_t columns, float* factors, std::int64_t stride) {
  Words low = {}, high = {};
  for (int i = 0; i < smaller(kWidth, rows); ++i) {
    const auto number = static_cast<std::uint64_t>(site.row_numbers[row + i]);
    low[i] = static_cast<std::uint32_t>(number);
    high[i] = static_cast<std::uint32_t>(number >> 32);
  }
  const Counter bits = philox(site.key, {{low, high, Words{} + static_cast<std::uint32_t>(call), Words{} + head}});
  std::int64_t column = call / kDropoutLanes * kDropoutBlock + call % kDropoutLanes;
  for (int word = 0; word < 4; ++word) {
    if (column < columns) store(factors + column * stride, keep_factor(bits.words[word] & 0xffff, site));
    if (column + 16 < columns) store(factors + (column + 16) * stride, keep_factor(bits.words[word] >> 16, site));
    column += 32;
  }
}

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
