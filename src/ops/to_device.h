#pragma once

#include <ATen/core/Tensor.h>

namespace albert::ops {

/// The tensor on a device, or itself if it is there; an undefined one stays undefined. To a GPU it is copied from pinned
/// memory behind the work that was given to the GPU before, and nobody waits for that: neither this call nor, since they
/// are one after the other there, the operations that read the copy.
at::Tensor to_device(const at::Tensor& tensor, at::Device device);

}  // namespace albert::ops
