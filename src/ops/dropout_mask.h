#pragma once

#include <cstdint>

#include "ops/ops.h"

/// Which elements a dropout site drops.
///
/// Element (head, row, column) has 16 random bits of its own, and falls if they are below `threshold`. They come from
/// Philox4x32-10 with the site's key and the counter (row number, low and high word; call; head), where one call yields
/// the bits of eight columns: those 16 apart. So a vector of 16 calls holds 128 neighbouring columns in order, and
/// needs no shuffling:
///
///     column = 128 block + 32 word + 16 half + lane
///     call   = 16 block + lane
///     bits   = half ? word >> 16 : word & 0xffff
namespace albert::ops {

inline constexpr std::int64_t kDropoutLanes = 16;                 ///< calls side by side
inline constexpr std::int64_t kDropoutBlock = 8 * kDropoutLanes;  ///< columns of one such group

/// How many of the 65,536 values of an element's bits drop it: the probability in steps of 1.5e-5.
/// Throws InternalError unless 0 <= probability < 1
std::uint32_t dropout_threshold(double probability);

/// 1 / (1 - p) for the probability that the threshold really gives, so that the expectation of what is kept is exact.
float dropout_scale(std::uint32_t threshold);

/// 0 where an element is dropped and dropout_scale elsewhere, [num_heads, rows, columns] float32 on the device asked
/// for, made of LibTorch's integer arithmetic.
at::Tensor dropout_factors(const Dropout& dropout, std::int64_t num_heads, std::int64_t num_columns, at::Device device);

}  // namespace albert::ops
