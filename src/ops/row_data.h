#pragma once

#include <ATen/core/Tensor.h>

#include "ops/kernels/kernels.h"

/// Tensors as the kernels take them.
namespace albert::ops {

/// Calls `work` with a value of the kernels' type for elements of float32 or bfloat16.
template <typename Work>
void with_type(at::ScalarType type, const Work& work) {
  if (type == at::kFloat) {
    work(float{});
  } else {
    work(kernels::Bfloat16{});
  }
}

/// \return null for an undefined tensor
template <typename T>
T* data(const at::Tensor& x) {
  return x.defined() ? static_cast<T*>(x.data_ptr()) : nullptr;
}

}  // namespace albert::ops
