#include "checkpoint/tensors.h"

#include <array>
#include <cstring>
#include <utility>

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>
#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/error.h"
#include "checkpoint/stored_weights.h"

namespace albert::checkpoint {

namespace {

constexpr std::array<std::pair<DType, at::ScalarType>, 9> kTypes = {{{DType::kFloat32, at::kFloat},
                                                                     {DType::kBFloat16, at::kBFloat16},
                                                                     {DType::kFloat16, at::kHalf},
                                                                     {DType::kFloat64, at::kDouble},
                                                                     {DType::kInt64, at::kLong},
                                                                     {DType::kInt32, at::kInt},
                                                                     {DType::kInt8, at::kChar},
                                                                     {DType::kUInt8, at::kByte},
                                                                     {DType::kBool, at::kBool}}};

DType dtype_of(const NamedTensor& named) {
  for (const auto& [dtype, scalar_type] : kTypes) {
    if (scalar_type == named.tensor.scalar_type()) return dtype;
  }
  throw InternalError("tensor {}: its element type {} cannot be written", named.name,
                      c10::toString(named.tensor.scalar_type()));
}

at::ScalarType scalar_type_of(DType dtype) {
  for (const auto& [of_file, scalar_type] : kTypes) {
    if (of_file == dtype) return scalar_type;
  }
  throw InternalError("unknown element type {}", static_cast<int>(dtype));
}

}  // namespace

void write_tensors(const fs::path& path, const NamedTensors& tensors) {
  std::vector<TensorInfo> infos;
  for (const NamedTensor& named : tensors) infos.push_back({named.name, dtype_of(named), named.tensor.sizes().vec()});
  SafetensorsWriter writer(path, std::move(infos));
  for (const NamedTensor& named : tensors) {
    const at::Tensor host = named.tensor.detach().to(at::kCPU).contiguous();
    writer.write({static_cast<const std::byte*>(host.const_data_ptr()), host.nbytes()});
  }
  writer.close();
}

namespace {

/// Tensors in the order of their names' files, each file within `max_bytes` if it holds more than one.
std::vector<NamedTensors> divide(const NamedTensors& tensors, std::uint64_t max_bytes) {
  std::vector<NamedTensors> shards(1);
  std::uint64_t filled = 0;
  for (const NamedTensor& named : tensors) {
    if (!shards.back().empty() && filled + named.tensor.nbytes() > max_bytes) {
      shards.emplace_back();
      filled = 0;
    }
    shards.back().push_back(named);
    filled += named.tensor.nbytes();
  }
  return shards;
}

}  // namespace

void write_weights(const fs::path& folder, const NamedTensors& tensors, std::uint64_t max_bytes) {
  const std::vector<NamedTensors> shards =
      max_bytes == 0 ? std::vector<NamedTensors>{tensors} : divide(tensors, max_bytes);
  if (shards.size() == 1) return write_tensors(folder / kModelFile, tensors);
  nlohmann::ordered_json index;
  std::uint64_t num_bytes = 0;
  for (std::size_t i = 0; i < shards.size(); ++i) {
    const std::string file = fmt::format("model-{:05}-of-{:05}.safetensors", i + 1, shards.size());
    write_tensors(folder / file, shards[i]);
    for (const NamedTensor& named : shards[i]) {
      index["weight_map"][named.name] = file;
      num_bytes += named.tensor.nbytes();
    }
  }
  index["metadata"]["total_size"] = num_bytes;
  write_file_atomically(folder / kModelIndexFile, index.dump(2) + "\n");
}

at::Tensor to_tensor(const StoredTensor& stored) {
  at::Tensor tensor = at::empty(stored.shape, scalar_type_of(stored.dtype));
  if (!stored.bytes.empty()) std::memcpy(tensor.mutable_data_ptr(), stored.bytes.data(), stored.bytes.size());
  return tensor;
}

NamedTensors read_tensors(const fs::path& path) {
  const SafetensorsFile file(path);
  NamedTensors tensors;
  for (const StoredTensor& stored : file.tensors()) tensors.push_back({stored.name, to_tensor(stored)});
  return tensors;
}

void copy_into(const StoredTensor& stored, const at::Tensor& target) {
  const at::NoGradGuard no_grad;
  target.copy_(to_tensor(stored));
}

}  // namespace albert::checkpoint
