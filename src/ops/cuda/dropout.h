#pragma once

#include "ops/cuda/numbers.h"

/// Which elements fall, as ops/dropout_mask.h says: one call of Philox has the bits of eight columns, 16 apart. So a thread
/// takes those eight of a row, and sixteen threads together have 128 neighbouring ones.
namespace albert::ops::cuda {

inline constexpr int kOfCall = 8;  ///< columns that share a call

ALBERT_HOST_DEVICE inline std::int64_t num_calls(std::int64_t columns) {
  return (columns + 127) / 128 * 16;
}

/// The i-th of a call's columns; it may lie behind the last one of the row.
ALBERT_HOST_DEVICE inline std::int64_t column_of(std::int64_t call, int i) {
  return call / 16 * 128 + std::int64_t{16} * i + call % 16;
}

/// Philox4x32-10; base/random.h has it for the host.
ALBERT_HOST_DEVICE inline void philox(std::uint64_t key, std::uint32_t (&counter)[4]) {
  auto k0 = static_cast<std::uint32_t>(key);
  auto k1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{counter[0]} * 0xD2511F53u;
    const std::uint64_t p1 = std::uint64_t{counter[2]} * 0xCD9E8D57u;
    counter[0] = static_cast<std::uint32_t>(p1 >> 32) ^ counter[1] ^ k0;
    counter[1] = static_cast<std::uint32_t>(p1);
    counter[2] = static_cast<std::uint32_t>(p0 >> 32) ^ counter[3] ^ k1;
    counter[3] = static_cast<std::uint32_t>(p0);
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
}

/// 0 where an element of a call falls, and the scale elsewhere; 1 for all where nothing is dropped.
ALBERT_HOST_DEVICE inline void keep_factors(const DropoutSite& site, std::int64_t row, std::int64_t call,
                                            float (&factors)[kOfCall]) {
  if (site.threshold == 0) {
    for (float& factor : factors) factor = 1;
    return;
  }
  const auto number = static_cast<std::uint64_t>(site.row_numbers[row]);
  std::uint32_t bits[4] = {static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(number >> 32),
                           static_cast<std::uint32_t>(call), 0};
  philox(site.key, bits);
  for (int i = 0; i < kOfCall; ++i) {
    const std::uint32_t own = i % 2 == 0 ? bits[i / 2] & 0xffff : bits[i / 2] >> 16;
    factors[i] = own >= site.threshold ? site.scale : 0.0F;
  }
}

/// The columns of a call in one row.
template <typename T>
ALBERT_HOST_DEVICE void drop(const DropoutRows<T>& rows, std::int64_t row, std::int64_t call) {
  float factors[kOfCall];
  keep_factors(rows.site, row, call, factors);
  for (int i = 0; i < kOfCall; ++i) {
    const std::int64_t column = column_of(call, i), at = row * rows.columns + column;
    if (column < rows.columns) rows.out[at] = rounded<T>(to_float(rows.x[at]) * factors[i]);
  }
}

}  // namespace albert::ops::cuda
