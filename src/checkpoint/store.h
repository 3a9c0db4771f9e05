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

/// The folder `checkpoints` of a run: `step-NNNNNNNN/`, and the links `latest` and `best` (see base/link.h). One
/// process at a time (see FolderLock).
class CheckpointStore {
 public:
  /// Removes what a killed process left half written. A folder in the place of a link, as programs leave it that copy
  /// what links point at, takes the place of the checkpoint that it is a copy of if that is gone, or damaged where the
  /// copy is whole; otherwise it gives way to it.
  /// \param keep how many of the newest stay; the best stays too
  /// Throws IoError if no links can be made in the folder, or what is to be compared cannot be read; UsageError if
  /// something else is in the place of one.
  CheckpointStore(std::filesystem::path folder, std::int64_t keep);

  /// Writes step-NNNNNNNN, points `latest` at it and `best` at the step that the state says was the best, then removes
  /// the oldest ones that are too many.
  std::filesystem::path save(const TrainingContents& contents);

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

  /// Makes the links that are missing: a kill came before them, or the folder was copied without.
  /// \param state of the latest checkpoint
  void restore_links(const TrainState& state) const;

  /// Steps that have a folder, ascending.
  std::vector<std::int64_t> steps() const;
  std::filesystem::path folder_of(std::int64_t step) const;

 private:
  void replace_copy(const char* name) const;
  void point(const char* link, std::int64_t step) const;
  void remove_surplus() const;

  std::filesystem::path folder_;
  std::int64_t keep_;
};

/// The checkpoint of which a run's model is used: its best one, else its latest, also where a copy has lost the links.
/// Nothing if the folder is none of a run.
/// \param run the folder that holds `checkpoints`
std::optional<std::filesystem::path> find_checkpoint(const std::filesystem::path& run);

/// The latest checkpoint of a run, which may be training. Nothing if the folder is none of a run.
std::optional<std::filesystem::path> find_latest(const std::filesystem::path& run);

}  // namespace albert::checkpoint
