#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/mapped_file.h"
#include "checkpoint/safetensors.h"

namespace albert::checkpoint {

/// A variable that a checkpoint has, and that is not given out.
struct SkippedVariable {
  std::string name;    ///< in the checkpoint
  std::string reason;  ///< "training state", or of which type it is
};

/// The weights of a TensorFlow checkpoint of Google's ALBERT or BERT, or of albert_zh, mapped: PREFIX.index and
/// PREFIX.data-SSSSS-of-NNNNN, which tf.train.Saver writes since TensorFlow 1.0 (tensorflow/core/util/tensor_bundle).
/// The names are Hugging Face's; see translate(). Kernels are transposed, as PyTorch has them. Names that are unknown
/// stay as they are.
///
/// On opening, everything is checked of the index, and of each tensor that is given out its place and its checksum.
/// What is left out (the state of optimizers, text) is not read.
/// Throws ModelError naming the file and what is wrong with it: partitioned variables, big-endian numbers, a file of
/// data that is missing or too short, checkpoints of TensorFlow's first format and of objects, and what model_of()
/// refuses.
class TensorFlowCheckpoint {
 public:
  /// \param path PREFIX.index, or PREFIX alone, as TensorFlow names a checkpoint: "model.ckpt-best"
  explicit TensorFlowCheckpoint(const std::filesystem::path& path);

  /// In the order of their names in the checkpoint, then those that complete_mapping() adds.
  const std::vector<StoredTensor>& tensors() const { return tensors_; }
  /// Variables that were left out, in the order of their names.
  const std::vector<SkippedVariable>& skipped() const { return skipped_; }
  /// What was computed and not read, in sentences for the log; see complete_mapping().
  const std::vector<std::string>& notes() const { return notes_; }
  /// The index.
  const std::filesystem::path& path() const { return index_.path(); }
  /// The index, and the files of data that hold these tensors.
  std::vector<std::filesystem::path> files() const;

 private:
  friend class TensorFlowCheckpointReader;

  MappedFile index_;
  std::map<std::uint64_t, MappedFile> shards_;  ///< by number
  std::deque<std::string> copies_;              ///< of transposed tensors, and what was computed
  std::vector<StoredTensor> tensors_;
  std::vector<SkippedVariable> skipped_;
  std::vector<std::string> notes_;
};

/// Whether a path names a TensorFlow checkpoint: its index, its prefix, or a file of the first format (which is then
/// refused).
bool is_tensorflow_checkpoint(const std::filesystem::path& path);

}  // namespace albert::checkpoint
