#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace albert::interop {

/// A parameter or constant of a .pt2 archive.
struct ExportedTensor {
  std::string name;      ///< in the state dict
  std::string metadata;  ///< TensorMeta as JSON
  bool is_parameter = true;
  std::span<const std::byte> bytes;  ///< in rows; outlives the writing
};

/// What an archive gives as an example of the inputs: int64 tensors in the order of the arguments.
struct SampleInput {
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> values;
};

/// Writes an archive that torch.export.load() and torch::nativert open (torch/export/pt2_archive, PyTorch 2.11): a zip
/// of model.json, weights as they lie in memory, and JSON that says which is which.
/// \param model_json the exported program (torch/_export/serde/schema.py)
/// Throws ModelError for more than 4 GiB, IoError.
void write_torch_export(const std::filesystem::path& path, std::string_view model_json,
                        std::span<const ExportedTensor> tensors, std::span<const SampleInput> sample);

}  // namespace albert::interop
