#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace albert::interop {

/// In which form weights are stored.
enum class WeightKind {
  kRecognised,   ///< the first that there is, in this order
  kSafetensors,  ///< model.safetensors, or its shards
  kTorch,        ///< pytorch_model.bin, or its shards
  kTensorFlow,   ///< PREFIX.index and PREFIX.data-*
};

struct ImportOptions {
  std::filesystem::path from;  ///< a model folder, a file of weights, or the prefix of a TensorFlow checkpoint
  std::filesystem::path output;
  bool overwrite = false;
  WeightKind kind = WeightKind::kRecognised;
};

/// What an import took, and what it did not.
struct ImportReport {
  std::filesystem::path weights;
  std::string model;                       ///< what it is: "an ALBERT with the head AlbertForMultipleChoice"
  std::vector<std::string> left_out = {};  ///< stored tensors that no part of the model is made of, with their shapes
  std::vector<std::string> remarks = {};   ///< see checkpoint::StoredWeights::remarks()
  std::int64_t num_parameters = 0;
};

/// Writes a model of any kind that is read as a model folder: config.json, model.safetensors in float32 and the
/// tokenizer's files, whole or not at all.
/// Throws UsageError, ModelError naming every tensor that is missing or does not fit, IoError.
ImportReport import_model(const ImportOptions& options);

}  // namespace albert::interop
