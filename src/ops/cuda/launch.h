#pragma once

#include <algorithm>

#include <ATen/core/Tensor.h>
#include <c10/core/DeviceGuard.h>

#include "ops/cuda/forms.h"
#include "ops/row_data.h"

/// What the forms for GPUs share.
namespace albert::ops::cuda {

/// Over how many strips of rows a sum is taken: enough to fill a GPU, and few enough for the second sum to be cheap; 0 of no rows.
inline std::int64_t strips_of(std::int64_t rows) {
  constexpr std::int64_t kMost = 1024, kRowsAtLeast = 8;
  return std::clamp(rows / kRowsAtLeast, std::min<std::int64_t>(rows, 1), kMost);
}

template <typename T>
const Kernels<T>& kernels_of();
template <>
inline const Kernels<float>& kernels_of<float>() {
  return kernels_in_use()->of_float;
}
template <>
inline const Kernels<Bfloat16>& kernels_of<Bfloat16>() {
  return kernels_in_use()->of_bfloat16;
}

/// The stream of LibTorch's own operations on the current device.
void* current_stream(at::Device device);
[[noreturn]] void fail_to_launch(const char* reason);

/// On the device of `x`, the rows, behind whatever was launched there before; nothing where there are none.
template <typename Rows>
void launch(Launch<Rows> kernel, const Rows& rows, const at::Tensor& x) {
  if (x.numel() == 0) return;
  const c10::DeviceGuard guard(x.device());
  if (const char* reason = kernel(rows, current_stream(x.device()))) fail_to_launch(reason);
}

}  // namespace albert::ops::cuda
