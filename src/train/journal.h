#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "base/file.h"
#include "base/progress.h"
#include "checkpoint/training_state.h"
#include "metrics/figures.h"
#include "train/course.h"
#include "train/objective.h"
#include "train/run.h"
#include "train/tensorboard_writer.h"
#include "train/trainer.h"

namespace albert::train {

/// metrics.jsonl of a run: one JSON object a line, flushed as soon as it is written, so that other programs can follow
/// it.
class MetricsLog {
 public:
  /// Opens the file for appending; what it says of steps after `step`, and a last line torn by a kill, is dropped
  /// first.
  /// Throws IoError; DataError for a line that is no record.
  MetricsLog(const std::filesystem::path& path, std::int64_t step);

  /// Writes {"step": step, "epoch": ..., NAME: value, ...} in the order given.
  void write(std::int64_t step, const metrics::Figures& figures);

 private:
  FileWriter file_;
};

/// Tells people and programs how a run goes: a line on the terminal, metrics.jsonl, TensorBoard. The files are opened
/// when there is something to tell, so that a sitting without an update leaves them alone.
///
/// A record tells of the steps since the previous record:
/// - `step`, `epoch`
/// - the task's figures, as means over the steps
/// - `learning_rate`, `gradient_norm`, and what Objective::shape_of_update() says: of the last step
/// - `tokens_per_second` of all ranks, `data_wait_fraction`
/// - of several ranks: `rank_wait_fraction`, what rank 0 spent waiting for the others (absent with NCCL, where only the
///   GPU waits); `rank_imbalance`, by how much the rank with most tokens had more than the mean
/// - `held_out_NAME`: the figures of the evaluation, where there was one
class Journal {
 public:
  /// \param folder, objective, course outlive the journal
  /// \param state where this sitting begins: what the files say of later updates is dropped
  /// Throws IoError and DataError if metrics.jsonl cannot be gone on from.
  Journal(const RunFolder& folder, const Objective& objective, const checkpoint::TrainState& state,
          const Course& course);

  /// After every update. One whose evaluation is due since an earlier sitting was added then.
  void add(std::int64_t step, const StepReport& report);
  /// Writes a record and begins the next one. Call after add().
  void write(std::int64_t step, const std::optional<Evaluation>& evaluation);
  /// What the next record holds so far, to be saved with the state.
  const checkpoint::StepSums& unrecorded() const { return since_record_; }
  /// What the live line says: of the steps of late, and of what they cost; of several ranks how much of the time rank 0
  /// waited for the others, and how much more the one with most tokens had than the mean.
  std::string line(std::int64_t step) const;
  /// Clears the live line, before something else is printed.
  void clear_line() { progress_.clear(); }

 private:
  void open_log();
  /// \param step updates done
  metrics::Figures record(std::int64_t step) const;

  const Objective& objective_;
  std::int64_t first_step_;
  std::int64_t recorded_step_;  ///< what the files say of later updates is of no sitting that counts
  const Course& course_;
  const RunFolder& folder_;
  std::optional<MetricsLog> log_;
  std::optional<TensorBoardWriter> tensorboard_;
  Progress progress_;
  checkpoint::StepSums since_record_;
  checkpoint::StepSums recent_;  ///< earlier steps fade out: for the line, which would jump otherwise
  StepReport last_;
};

/// "loss 6.1234, mlm_accuracy 12.3%".
std::string format_figures(const metrics::Figures& figures);

}  // namespace albert::train
