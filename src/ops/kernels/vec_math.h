#pragma once

#include "ops/kernels/vec.h"

namespace albert::ops::kernels::ALBERT_ISA {

/// e^x within 2 units in the last place; exactly 0 below -87.3, where the result would leave the normal numbers.
inline Vec exp(Vec x) {
  const Vec lowest = broadcast(-87.3F);
  const Vec highest = broadcast(88.3F);
  const Ints underflow = x < lowest;
  x = underflow ? lowest : x;
  x = x > highest ? highest : x;
  // x = n ln 2 + r. Adding 1.5 * 2^23 rounds to the nearest integer and leaves it in the low bits.
  const Vec magic = broadcast(12582912.0F);
  const Vec shifted = x * 1.44269504F + magic;
  const Vec n = shifted - magic;
  Vec r = x - n * 0.693359375F;
  r = r + n * 2.12194440e-4F;
  // The polynomial of Cephes' expf (Moshier).
  Vec p = broadcast(1.9875691500e-4F);
  p = p * r + 1.3981999507e-3F;
  p = p * r + 8.3334519073e-3F;
  p = p * r + 4.1665795894e-2F;
  p = p * r + 1.6666665459e-1F;
  p = p * r + 5.0000001201e-1F;
  p = p * (r * r) + r + 1.0F;
  const Ints exponent = ((Ints)shifted - (Ints)magic + 127) << 23;
  return underflow ? Vec{} : p * (Vec)exponent;
}

/// The normal distribution at x: its density times sqrt(2 pi), and its mass below x, within 1.5e-7 (Abramowitz and
/// Stegun 7.1.26).
struct Normal {
  Vec bell;  ///< exp(-x^2 / 2)
  Vec mass;
};

inline Normal normal(Vec x) {
  const Vec bell = exp(x * x * -0.5F);
  const Vec z = (x < 0 ? -x : x) * 0.70710678F;
  const Vec t = 1.0F / (z * 0.3275911F + 1.0F);
  Vec p = broadcast(1.061405429F);
  p = p * t - 1.453152027F;
  p = p * t + 1.421413741F;
  p = p * t - 0.284496736F;
  p = p * t + 0.254829592F;
  const Vec tail = p * t * bell * 0.5F;  // mass beyond |x|: exact to a relative 1e-6 far out too
  return {bell, x < 0 ? tail : 1.0F - tail};
}

inline Vec sigmoid(Vec x) {
  return 1.0F / (exp(-x) + 1.0F);
}

}  // namespace albert::ops::kernels::ALBERT_ISA
