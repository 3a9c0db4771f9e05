#pragma once

#include <bit>
#include <cstdint>

namespace albert::interop {

/// The float16 next to a number, of two equally near the even one, as its 16 bits (IEEE 754); too large ones are
/// infinite.
inline std::uint16_t to_half(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = bits >> 16 & 0x8000U, magnitude = bits & 0x7FFFFFFFU;
  if (magnitude > 0x7F800000U) return static_cast<std::uint16_t>(sign | 0x7E00U);   // not a number
  if (magnitude >= 0x477FF000U) return static_cast<std::uint16_t>(sign | 0x7C00U);  // from 65520 on
  if (magnitude < 0x38800000U) {  // below 2^-14: steps of 2^-24, to which adding 1/2 rounds
    const auto rounded = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + 0.5F);
    return static_cast<std::uint16_t>(sign | (rounded - std::bit_cast<std::uint32_t>(0.5F)));
  }
  const std::uint32_t is_odd = magnitude >> 13 & 1U;
  return static_cast<std::uint16_t>(sign | (magnitude - 0x38000000U + 0xFFFU + is_odd) >> 13);
}

}  // namespace albert::interop
