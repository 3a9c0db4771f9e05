#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint/store.h"
#include "parallel/distributed_optimizer.h"
#include "parallel/group.h"
#include "train/course.h"
#include "train/journal.h"
#include "train/objective.h"
#include "train/run.h"
#include "train/trainer.h"
#include "train/training_config.h"

namespace albert::train {

/// What a training is besides its objective and the part of its configuration that all have.
struct RunSettings {
  std::size_t loader_threads = 1;
  std::string version = {};  ///< of the program
  std::string run_yaml;      ///< the whole resolved configuration: kept with every checkpoint, and compared on resuming
  Course& course;            ///< of the run's length; outlives it
  std::vector<std::int64_t> borders = {};  ///< see optim::Schedule
  std::function<void()> begun = [] {};     ///< called once the sitting has made its first update
  /// Another run, or a checkpoint of it, to go on from with its optimizer and its place in the data; or empty.
  std::filesystem::path branch_from = {};
  std::optional<std::int64_t> longest_sequence = 0;  ///< that the first weights were trained with; see TrainState
};

/// How a sitting ended.
struct RunResult {
  std::int64_t step = 0;
  int signal = 0;                        ///< the one that asked to stop, or 0
  bool is_complete = false;              ///< a signal may come too late to stop anything
  std::optional<Evaluation> evaluation;  ///< the last one of this sitting; of a whole fine-tuning see finetune()
  std::int64_t evaluated_step = 0;       ///< when that was
  std::optional<checkpoint::BestResult> best;
};

/// One training of one objective: the loop, and around it what happens now and then (records, evaluations,
/// checkpoints).
class TrainingRun {
 public:
  /// Goes to where the training is to go on: to the folder's latest checkpoint if the run is to be resumed and has one,
  /// else to the start, or to where it branches off from another one.
  /// \param run, objective, ranks outlive this. The first rank opens the checkpoint and gives the others what it holds:
  /// the run's folder need not be seen by all hosts.
  /// \param take_first_weights called at the start: the objective's parameters have random values until then
  /// Throws UsageError if settings or data are not those of the checkpoint.
  TrainingRun(const Run& run, Objective& objective, parallel::Group& ranks, const TrainingConfig& config,
              RunSettings settings, const std::function<void()>& take_first_weights);

  /// Trains to the end, or to a signal that asks to stop (see StopRequest), and saves.
  /// The folder stays as it was until the first update of the sitting is made.
  /// Throws NumericalError, which names the newest checkpoint that is whole, if the loss stops being a number.
  RunResult train();

  const TrainState& state() const { return state_; }

 private:
  /// Takes over parameters, optimizer and position of the latest checkpoint; false if the folder has none.
  bool resume();
  void begin(const std::function<void()>& take_first_weights);
  /// Takes over parameters, optimizer and position of another run's checkpoint.
  void branch();
  /// Gives all ranks the parameters, the optimizer's state and the position of the first one.
  void share_start();
  /// Throws UsageError that names the first rank whose settings, model, data, program or processor differ from rank 0's.
  void require_agreement() const;
  RunResult train_to_the_end();
  RunResult loop(Trainer& trainer, std::optional<Journal>& journal);
  /// \param signal the one that has asked to stop, as all ranks know it
  void finish_step(Trainer& trainer, std::optional<Journal>& journal, int signal, RunResult& result);
  /// The signal that asks to stop now: what this process alone has got, or what the ranks knew after the update.
  int stop_signal(int agreed) const;
  bool is_complete(const TrainState& state) const;
  void note_begin();
  /// What a run can go on from whose loss is no number any more, as a sentence.
  std::string describe_rescue() const;
  void save_before_evaluation(Trainer& trainer, const std::optional<Journal>& journal);
  /// What rank 0 finds, on all ranks.
  std::optional<Evaluation> evaluate(std::int64_t step);
  /// Says, once, what follows from an evaluation without a value to compare models by.
  void warn_if_undefined(const Evaluation& evaluation);
  void save(const TrainState& state);
  bool check_unchanged(const checkpoint::TrainingCheckpoint& checkpoint) const;

  const Run& run_;
  Objective& objective_;
  parallel::Group& ranks_;
  TrainingConfig config_;
  RunSettings settings_;
  Agenda agenda_;
  parallel::DistributedOptimizer optimizer_;
  std::optional<checkpoint::CheckpointStore> store_;  ///< of the rank that writes
  std::optional<ClockFile> clock_file_;               ///< of that one, once a run by the clock has made an update
  TrainState state_;                                  ///< at the start of this sitting
  checkpoint::NamedTensors opened_state_;             ///< of the optimizer, from the checkpoint, until share_start()
  std::optional<std::int64_t> branched_at_;           ///< in a new branch, the step of the trunk
  bool warned_of_undefined_ = false;
};

}  // namespace albert::train
