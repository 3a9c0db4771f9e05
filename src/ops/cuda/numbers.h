#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#include "ops/cuda/kernels.h"

#ifdef __CUDACC__
#define ALBERT_HOST_DEVICE __host__ __device__
#else
#define ALBERT_HOST_DEVICE
#endif

/// What the bodies of the kernels are written with.
///
/// A team is the threads that share a row: a block of a GPU, or some threads of a test. It has rank() and size(), and
/// sum() and largest(), which all its threads call together and which give each of them the same number.
namespace albert::ops::cuda {

ALBERT_HOST_DEVICE inline float to_float(float x) {
  return x;
}

ALBERT_HOST_DEVICE inline float to_float(Bfloat16 x) {
  const std::uint32_t bits = static_cast<std::uint32_t>(x.bits) << 16;
  float result;
  memcpy(&result, &bits, sizeof(result));
  return result;
}

template <typename T>
ALBERT_HOST_DEVICE T rounded(float x);

template <>
ALBERT_HOST_DEVICE inline float rounded<float>(float x) {
  return x;
}

/// To the nearest, ties to even.
template <>
ALBERT_HOST_DEVICE inline Bfloat16 rounded<Bfloat16>(float x) {
  std::uint32_t bits;
  memcpy(&bits, &x, sizeof(bits));
  if (x != x) return {0x7fc0};
  return {static_cast<std::uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16)};
}

/// Neighbouring elements, which a thread reads and writes at once.
template <typename T, int kCount>
struct alignas(sizeof(T) * kCount < 16 ? sizeof(T) * kCount : 16) Run {
  T values[kCount];
};

template <int kCount, typename T>
ALBERT_HOST_DEVICE void load(const T* from, float (&to)[kCount]) {
  const Run<T, kCount> run = *reinterpret_cast<const Run<T, kCount>*>(from);
  for (int i = 0; i < kCount; ++i) to[i] = to_float(run.values[i]);
}

template <int kCount, typename T>
ALBERT_HOST_DEVICE void store(const float (&from)[kCount], T* to) {
  Run<T, kCount> run;
  for (int i = 0; i < kCount; ++i) run.values[i] = rounded<T>(from[i]);
  *reinterpret_cast<Run<T, kCount>*>(to) = run;
}

/// How many elements of a row are read at once: 8 where each row begins at a multiple of 16 bytes.
inline constexpr int kRun = 8;
template <typename... Pointer>
bool has_runs(std::int64_t columns, const Pointer*... pointers) {
  return columns % kRun == 0 && ((reinterpret_cast<std::uintptr_t>(pointers) % 16 == 0) && ...);
}

}  // namespace albert::ops::cuda
