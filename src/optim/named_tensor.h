#pragma once

#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace albert::optim {

/// A parameter, or a piece of optimizer state, under the name it has in files.
struct NamedTensor {
  std::string name;
  at::Tensor tensor;
};

using NamedTensors = std::vector<NamedTensor>;

/// A parameter that has become a copy of another one, by their names.
struct ParameterCopy {
  std::string original, copy;
};

/// From anything that yields items with key() and value(), such as `module.named_parameters()`.
template <typename Dictionary>
NamedTensors named_tensors(const Dictionary& dictionary) {
  NamedTensors result;
  for (const auto& item : dictionary) result.push_back({item.key(), item.value()});
  return result;
}

}  // namespace albert::optim
