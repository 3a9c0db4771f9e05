#pragma once

#include <deque>
#include <filesystem>
#include <string>
#include <vector>

#include "base/mapped_file.h"
#include "checkpoint/safetensors.h"

namespace albert::checkpoint {

/// The tensors of a file that torch.save wrote (pytorch_model.bin), mapped: a zip archive, or the form from before
/// PyTorch 1.6. A tensor in dicts and lists has a name made of their keys: "state_dict.albert.embeddings...". Nothing
/// else of the file is made, and nothing of it is run; see Pickle.
/// Throws ModelError naming the file and what is wrong with it.
class TorchFile {
 public:
  explicit TorchFile(const std::filesystem::path& path);

  /// In the order of the file.
  const std::vector<StoredTensor>& tensors() const { return tensors_; }
  const std::filesystem::path& path() const { return file_.path(); }

 private:
  friend class TorchFileReader;

  MappedFile file_;
  std::deque<std::string> copies_;  ///< of tensors that do not lie in rows
  std::vector<StoredTensor> tensors_;
};

/// Whether a file begins as one that torch.save wrote.
bool is_torch_file(const std::filesystem::path& path);

}  // namespace albert::checkpoint
