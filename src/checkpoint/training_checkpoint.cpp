#include "checkpoint/training_checkpoint.h"

#include "base/atomic_file.h"
#include "base/atomic_folder.h"
#include "base/error.h"
#include "base/file.h"
#include "checkpoint/manifest.h"

namespace albert::checkpoint {

void write_checkpoint(const fs::path& folder, const TrainingContents& contents) {
  AtomicFolder target(folder);
  write_model_files(target.temporary(), contents.model);
  write_tensors(target.temporary() / kOptimizerFile, contents.optimizer_state);
  write_file_atomically(target.temporary() / kStateFile, to_json(contents.state));
  write_file_atomically(target.temporary() / kRunFile, contents.run_yaml);
  write_manifest(target.temporary());
  target.commit();
}

std::optional<TrainState> read_state(const fs::path& folder) {
  if (!fs::is_regular_file(folder / kStateFile)) return std::nullopt;
  try {
    return load_state(folder);
  } catch (const ModelError&) {
    return std::nullopt;
  }
}

TrainingCheckpoint::TrainingCheckpoint(fs::path folder) : folder_(std::move(folder)) {
  verify_manifest(folder_);
  for (const char* name : {kOptimizerFile, kStateFile, kRunFile}) {
    if (!fs::exists(folder_ / name)) {
      throw ModelError(
          "{}: expected {}, found none; this model folder cannot be resumed; start a new run from its weights "
          "(albert pretrain --init-from, albert finetune --model)",
          folder_.string(), name);
    }
  }
  state_ = load_state(folder_);
  run_yaml_ = read_file(folder_ / kRunFile, kMaxConfigBytes);
}

NamedTensors TrainingCheckpoint::optimizer_state() const {
  return read_tensors(folder_ / kOptimizerFile);
}

}  // namespace albert::checkpoint
