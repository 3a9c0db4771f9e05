#pragma once

#include <cstdint>
#include <filesystem>

#include "checkpoint/safetensors.h"
#include "optim/named_tensor.h"

namespace albert::checkpoint {

using optim::NamedTensor;
using optim::NamedTensors;

/// Writes tensors of any device as they are, one after the other; float32, bfloat16, float16 or int64.
void write_tensors(const std::filesystem::path& path, const NamedTensors& tensors);

/// Writes tensors into a folder as Transformers does: model.safetensors, or, where that would be larger than
/// `max_bytes`, files of at most that many (a tensor that is larger has one of its own) and
/// model.safetensors.index.json.
/// \param max_bytes 0: one file, whatever its size
void write_weights(const std::filesystem::path& folder, const NamedTensors& tensors, std::uint64_t max_bytes);

/// All of a file, copied to the CPU.
NamedTensors read_tensors(const std::filesystem::path& path);

/// A copy on the CPU.
at::Tensor to_tensor(const StoredTensor& stored);

/// Copies a stored tensor into `target` of the same shape, converting its type and moving it to its device.
void copy_into(const StoredTensor& stored, const at::Tensor& target);

}  // namespace albert::checkpoint
