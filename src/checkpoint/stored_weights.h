#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "checkpoint/safetensors.h"

namespace albert::checkpoint {

inline constexpr const char* kModelFile = "model.safetensors";
/// Beside it or instead of it where the weights lie in several files.
inline constexpr const char* kModelIndexFile = "model.safetensors.index.json";

/// The weights of a model, mapped: those of one file, or of all the files that an index names, as Transformers writes
/// large models. Every file is checked on opening, and that the index and the files have the same tensors.
class StoredWeights {
 public:
  /// \param path a model folder, or a safetensors file
  /// Throws ModelError naming the file, and what the folder holds instead if it has no such weights.
  explicit StoredWeights(const std::filesystem::path& path);

  /// model.safetensors, or the index.
  const std::filesystem::path& path() const { return path_; }
  /// The files that hold tensors; at least one.
  const std::vector<SafetensorsFile>& files() const { return files_; }
  /// Of all files; they live as long as this.
  std::vector<const StoredTensor*> tensors() const;
  /// Checksum of all bytes; of one file, that of the file.
  std::string checksum() const;

 private:
  std::filesystem::path path_;
  std::vector<SafetensorsFile> files_;
};

}  // namespace albert::checkpoint
