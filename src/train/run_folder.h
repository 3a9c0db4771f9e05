#pragma once

#include <filesystem>

#include "base/folder_lock.h"

namespace albert::train {

/// The resolved configuration in the folder of a run.
inline constexpr const char* kRunConfigFile = "run.yaml";
/// What the runs of several seeds have in common, in the folder that holds theirs; and how they ended.
inline constexpr const char* kSeedsConfigFile = "seeds.yaml";
inline constexpr const char* kSeedsFile = "seeds.json";

/// The folder of a run, held by one process at a time:
///
///     metrics.jsonl               see MetricsLog
///     run.yaml                    the resolved configuration
///     tensorboard/                see TensorBoardWriter
///     checkpoints/step-NNNNNNNN/  see checkpoint::CheckpointStore, with the links `latest` and `best`
class RunFolder {
 public:
  enum class Start { kNew, kResume };

  /// Makes the folder if it is not there and locks it. Throws UsageError if another process holds it, if a new run is
  /// to start in a folder that is not empty, or if what is to be resumed is no run.
  RunFolder(std::filesystem::path path, Start start);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path metrics() const { return path_ / "metrics.jsonl"; }
  std::filesystem::path configuration() const { return path_ / kRunConfigFile; }
  std::filesystem::path tensorboard() const { return path_ / "tensorboard"; }
  std::filesystem::path checkpoints() const { return path_ / "checkpoints"; }

 private:
  std::filesystem::path path_;
  FolderLock lock_;
};

}  // namespace albert::train
