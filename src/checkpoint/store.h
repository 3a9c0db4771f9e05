#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint/training_checkpoint.h"
#include "config/fields.h"

namespace albert::checkpoint {

/// The `checkpoint` part of a configuration.
struct CheckpointConfig {
  static constexpr std::int64_t kWithEvaluations = -1;

  std::int64_t every = 1000;
  std::int64_t keep = 5;  // google-research/albert run_pretraining.py, keep_checkpoint_max

  void fields(config::Fields& f);
};

/// The folder `checkpoints` of a run: `step-NNNNNNNN/`, and the links `latest` and `best`. One process at a time (see
/// FolderLock).
class CheckpointStore {
 public:
  /// Removes what a killed process left half written.
  /// \param keep how many of the newest stay; the best stays too
  CheckpointStore(std::filesystem::path folder, std::int64_t keep);

  /// Writes step-NNNNNNNN, points `latest` (and `best`, if it is that) at it, then removes the oldest ones that are too
  /// many.
  std::filesystem::path save(const TrainingContents& contents, bool is_best);

  /// What open_latest() found.
  struct Opened {
    TrainingCheckpoint checkpoint;
    std::vector<std::string> damaged;  ///< what is wrong with newer ones that were passed over: tell the user loudly
  };
  /// The checkpoint to resume from: the one `latest` points at (without that link, the newest). A damaged one is passed
  /// over for the next older one that is whole: nothing is lost by that but time, since a resumed run is the run that
  /// was never stopped. Nothing if there is no checkpoint at all.
  /// Throws ModelError if there are some and none is whole.
  std::optional<Opened> open_latest() const;

  /// Steps that have a folder, ascending.
  std::vector<std::int64_t> steps() const;
  std::filesystem::path folder_of(std::int64_t step) const;

 private:
  std::optional<std::int64_t> linked_step(const char* link) const;
  void remove_surplus() const;

  std::filesystem::path folder_;
  std::int64_t keep_;
};

}  // namespace albert::checkpoint
