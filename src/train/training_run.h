#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "checkpoint/store.h"
#include "optim/optimizer.h"
#include "train/journal.h"
#include "train/objective.h"
#include "train/run_folder.h"
#include "train/trainer.h"
#include "train/training_config.h"

namespace albert::train {

/// What a run is besides its objective and its configuration.
struct RunSettings {
  std::size_t loader_threads = 1;
  std::string run_yaml;  ///< the whole resolved configuration: kept with every checkpoint, and compared on resuming
  std::string resume_command;  ///< what to tell a user who interrupted the run
  std::string weights_option;  ///< what to tell a user who wants another one: the option that takes its weights
};

/// How a sitting ended.
struct RunResult {
  std::int64_t step = 0;
  int signal = 0;                        ///< that asked to stop, or 0: the run is complete
  std::optional<Evaluation> evaluation;  ///< the last one of this sitting
  std::int64_t evaluated_step = 0;       ///< when that was
  std::optional<checkpoint::BestResult> best;
};

/// One training of one objective: the loop, and around it what happens now and then (records, evaluations,
/// checkpoints).
class TrainingRun {
 public:
  /// \param objective, folder outlive the run. The objective's parameters have their first values.
  TrainingRun(Objective& objective, const TrainingConfig& config, const RunFolder& folder, RunSettings settings);

  /// Takes over parameters, optimizer and position of the latest checkpoint; false if the folder has none. Throws
  /// UsageError if settings or data are not those of the checkpoint.
  bool resume();

  /// Trains to the end, or to a SIGINT or SIGTERM, and saves. Throws NumericalError, with the last checkpoint named, if
  /// the loss stops being a number.
  RunResult train();

  const TrainState& state() const { return state_; }

 private:
  RunResult loop(Trainer& trainer, Journal& journal);
  void save_before_evaluation(Trainer& trainer, const Journal& journal);
  std::optional<Evaluation> evaluate(std::int64_t step);
  /// Says, once, what follows from an evaluation without a value to compare models by.
  void warn_if_undefined(const Evaluation& evaluation);
  /// Whether the evaluations of late were all no better than the best one: a function of the state, so that a resumed
  /// run ends where it would have ended.
  bool has_settled(const TrainState& state) const;
  bool is_best(const std::optional<Evaluation>& evaluation, Trainer& trainer) const;
  void save(const TrainState& state, bool is_best);
  void check_unchanged(const checkpoint::TrainingCheckpoint& checkpoint) const;

  Objective& objective_;
  TrainingConfig config_;
  const RunFolder& folder_;
  RunSettings settings_;
  optim::Optimizer optimizer_;
  checkpoint::CheckpointStore store_;
  TrainState state_;  ///< at the start of this sitting
  bool warned_of_undefined_ = false;
};

}  // namespace albert::train
