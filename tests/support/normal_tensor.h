#pragma once

#include <cstdint>

#include <ATen/ATen.h>

#include "base/random.h"

namespace albert::testing {

/// Standard normal numbers, the same in every run.
inline at::Tensor normal(at::IntArrayRef sizes, at::ScalarType type, std::uint64_t seed) {
  at::Tensor result = at::empty(sizes, at::kFloat);
  Random random(seed, 0);
  auto* values = result.data_ptr<float>();
  for (std::int64_t i = 0; i < result.numel(); ++i) values[i] = static_cast<float>(random.normal());
  return result.to(type);
}

}  // namespace albert::testing
