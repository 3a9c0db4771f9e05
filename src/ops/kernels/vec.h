#pragma once

#include <cstdint>

#include "ops/kernels/kernels.h"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

/// Vectors of float as wide as the file's instruction set has them, on the compiler's own vector types: + - * / and
/// comparisons work lane by lane, and `mask ? a : b` selects. ALBERT_ISA names the namespace.
namespace albert::ops::kernels::ALBERT_ISA {

#if defined(__AVX512BF16__)
inline constexpr int kWidth = 16;
#elif defined(__AVX2__)
inline constexpr int kWidth = 8;
#else
inline constexpr int kWidth = 4;
#endif

typedef float Vec __attribute__((vector_size(4 * kWidth)));
typedef std::int32_t Ints __attribute__((vector_size(4 * kWidth)));
typedef std::uint32_t Words __attribute__((vector_size(4 * kWidth)));
typedef std::uint64_t Longs __attribute__((vector_size(4 * kWidth)));
typedef std::uint16_t Halves __attribute__((vector_size(2 * kWidth)));

inline std::int64_t smaller(std::int64_t a, std::int64_t b) {
  return a < b ? a : b;
}
inline std::int64_t round_up(std::int64_t n, std::int64_t step) {
  return (n + step - 1) / step * step;
}

inline Vec broadcast(float value) {
  return Vec{} + value;
}

/// One to one. GCC 12 does it in halves where it is left to itself.
inline Words to_words(Halves bits) {
#if defined(__AVX512BF16__)
  return (Words)_mm512_maskz_cvtepu16_epi32(0xffff, (__m256i)bits);
#elif defined(__AVX2__)
  return (Words)_mm256_cvtepu16_epi32((__m128i)bits);
#else
  return __builtin_convertvector(bits, Words);
#endif
}

inline Vec widen(Halves bits) {
  return (Vec)(to_words(bits) << 16);
}

/// To the nearest, ties to even; NaN stays NaN.
inline Halves narrow(Vec v) {
#if defined(__AVX512BF16__)
  return (Halves)_mm512_cvtneps_pbh((__m512)v);
#else
  const Words bits = (Words)v;
  const Words rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  return __builtin_convertvector(v == v ? rounded : rounded | 0x7fc0, Halves);
#endif
}

inline Vec load(const float* from) {
  Vec v;
  __builtin_memcpy(&v, from, sizeof v);
  return v;
}

inline Vec load(const Bfloat16* from) {
  Halves bits;
  __builtin_memcpy(&bits, from, sizeof bits);
  return widen(bits);
}

inline void store(float* to, Vec v) {
  __builtin_memcpy(to, &v, sizeof v);
}

inline void store(Bfloat16* to, Vec v) {
  const Halves bits = narrow(v);
  __builtin_memcpy(to, &bits, sizeof bits);
}

/// The first `count` elements, zero in the other lanes; a whole vector if count >= kWidth.
template <typename T>
inline Vec load(const T* from, std::int64_t count) {
  if (count >= kWidth) return load(from);
  T part[kWidth] = {};
  for (std::int64_t i = 0; i < count; ++i) part[i] = from[i];
  return load(part);
}

template <typename T>
inline void store(T* to, Vec v, std::int64_t count) {
  if (count >= kWidth) return store(to, v);
  T part[kWidth];
  store(part, v);
  for (std::int64_t i = 0; i < count; ++i) to[i] = part[i];
}

/// 0, 1, 2, ...
inline Words lane_numbers() {
  Words lanes = {};
  for (int i = 0; i < kWidth; ++i) lanes[i] = static_cast<std::uint32_t>(i);
  return lanes;
}

inline float sum(Vec v) {
  float lanes[kWidth];
  store(lanes, v);
  for (int half = kWidth / 2; half > 0; half /= 2) {
    for (int i = 0; i < half; ++i) lanes[i] += lanes[i + half];
  }
  return lanes[0];
}

inline Vec larger(Vec a, Vec b) {
  return a > b ? a : b;
}

inline float largest(Vec v) {
  float lanes[kWidth];
  store(lanes, v);
  float result = lanes[0];
  for (int i = 1; i < kWidth; ++i) result = lanes[i] > result ? lanes[i] : result;
  return result;
}

}  // namespace albert::ops::kernels::ALBERT_ISA
