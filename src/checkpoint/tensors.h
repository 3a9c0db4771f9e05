#pragma once

#include <filesystem>

#include "checkpoint/safetensors.h"
#include "optim/named_tensor.h"

namespace albert::checkpoint {

using optim::NamedTensor;
using optim::NamedTensors;

/// Writes tensors of any device as they are, one after the other; float32, bfloat16, float16 or int64.
void write_tensors(const std::filesystem::path& path, const NamedTensors& tensors);

/// All of a file, copied to the CPU.
NamedTensors read_tensors(const std::filesystem::path& path);

/// A copy on the CPU.
at::Tensor to_tensor(const StoredTensor& stored);

/// Copies a stored tensor into `target` of the same shape, converting its type and moving it to its device.
void copy_into(const StoredTensor& stored, const at::Tensor& target);

}  // namespace albert::checkpoint
