#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "checkpoint/safetensors.h"
#include "checkpoint/tensorflow_checkpoint.h"
#include "checkpoint/torch_file.h"

namespace albert::checkpoint {

inline constexpr const char* kModelFile = "model.safetensors";
/// Beside it or instead of it where the weights lie in several files.
inline constexpr const char* kModelIndexFile = "model.safetensors.index.json";
/// What torch.save wrote, before there was the other format.
inline constexpr const char* kTorchFile = "pytorch_model.bin";
inline constexpr const char* kTorchIndexFile = "pytorch_model.bin.index.json";

/// Where TF-Hub's modules have their checkpoint.
inline constexpr const char* kHubFolder = "variables";

/// The index of the one TensorFlow checkpoint in a folder, or in its `variables`, if there is one. Throws ModelError if
/// there are several.
std::optional<std::filesystem::path> find_tensorflow_index(const std::filesystem::path& folder);

/// The weights of a model, mapped: those of one file, or of all the files that an index names, as Transformers writes
/// large models; safetensors, what torch.save wrote, or a checkpoint of TensorFlow. Every file is checked on opening,
/// and that the index and the files have the same tensors.
class StoredWeights {
 public:
  /// \param path a model folder, a file of weights, or the prefix of a TensorFlow checkpoint
  /// Throws ModelError naming the file, and what the folder holds instead if it has no such weights.
  explicit StoredWeights(const std::filesystem::path& path);

  /// The file of weights, or the index.
  const std::filesystem::path& path() const { return path_; }
  /// The files that hold tensors.
  std::vector<std::filesystem::path> files() const;
  /// Of all files; they live as long as this.
  std::vector<const StoredTensor*> tensors() const;
  /// Checksum of all bytes; of one file, that of the file.
  std::string checksum() const;
  /// What was left out of a TensorFlow checkpoint, and what was computed of it, in sentences for the log.
  std::vector<std::string> remarks() const;

 private:
  std::filesystem::path path_;
  using File = std::variant<SafetensorsFile, TorchFile, TensorFlowCheckpoint>;
  static File open(const std::filesystem::path& path);

  std::vector<File> files_;  ///< at least one
};

}  // namespace albert::checkpoint
