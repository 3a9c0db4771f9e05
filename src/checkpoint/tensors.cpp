#include "checkpoint/tensors.h"

#include <array>
#include <cstring>
#include <utility>

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include "base/error.h"

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
