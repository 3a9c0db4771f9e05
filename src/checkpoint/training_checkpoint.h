#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "checkpoint/model_folder.h"
#include "checkpoint/training_state.h"

namespace albert::checkpoint {

/// What is needed to continue a run.
struct TrainingContents {
  ModelContents model;
  NamedTensors optimizer_state;
  TrainState state;
  std::string run_yaml;  ///< the resolved configuration
};

/// Writes a model folder with optimizer.safetensors, trainer_state.json, run.yaml and manifest.json (size and checksum
/// of every file) beside the model. The folder appears whole or not at all; a full disk is an IoError and leaves
/// nothing behind.
void write_checkpoint(const std::filesystem::path& folder, const TrainingContents& contents);

/// The state in a checkpoint, of which nothing else is read; nothing if the folder has none.
std::optional<TrainState> read_state(const std::filesystem::path& folder);

/// A checkpoint found whole: every file is as the manifest says.
class TrainingCheckpoint {
 public:
  /// Reads and checks every byte.
  /// Throws ModelError that names the first file which is missing, short or changed.
  explicit TrainingCheckpoint(std::filesystem::path folder);

  const std::filesystem::path& folder() const { return folder_; }
  const TrainState& state() const { return state_; }
  const std::string& run_yaml() const { return run_yaml_; }
  NamedTensors optimizer_state() const;

 private:
  std::filesystem::path folder_;
  TrainState state_;
  std::string run_yaml_;
};

}  // namespace albert::checkpoint
