#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "checkpoint/training_state.h"
#include "optim/schedule.h"
#include "parallel/distributed_optimizer.h"
#include "parallel/gradient_sum.h"
#include "parallel/group.h"
#include "train/course.h"
#include "train/loader.h"
#include "train/objective.h"

namespace albert::train {

using checkpoint::TrainState;

/// What one update saw and did.
struct StepReport {
  double loss = 0;           ///< over the whole update
  std::vector<double> sums;  ///< the task's, over the whole update
  double gradient_norm = 0;  ///< before clipping
  double learning_rate = 0;
  std::int64_t num_tokens = 0;  ///< of all ranks
  double epoch = 0;             ///< epochs done after the update, with the fraction of the current one
  double seconds = 0;           ///< the whole step
  double waited_s = 0;          ///< the part of the step that was spent waiting for data
  double exchanged_s = 0;       ///< and for other ranks
  /// Tokens that the ranks would have had in all if each had as many as the one with most.
  double tokens_at_most = 0;
  int signal = 0;  ///< the one that has asked any rank to stop, as all know it at the end of the update; or 0
  std::int64_t later_place = 0;  ///< what rank 0's clock says of an update to come; see Course
};

/// Does updates, and knows where the run is.
class Trainer {
 public:
  /// \param objective, optimizer, course, loader, ranks outlive the trainer; the optimizer's parameters are those of the
  /// objective; the loader gives this rank's share
  /// \param state of the run so far; the loader begins at its position
  Trainer(Objective& objective, parallel::DistributedOptimizer& optimizer, optim::Schedule schedule, Course& course,
          Loader& loader, parallel::Group& ranks, const parallel::GradientSumOptions& gradients, TrainState state);

  /// One update.
  /// Throws NumericalError, with the parameters untouched, if the loss or a gradient is not finite.
  StepReport step();

  /// Throws NumericalError, on all ranks, if the weights that the latest update left give no finite loss for the examples
  /// of that update: they may be finite themselves, and yet too large to compute with. Nothing is known before the first.
  void require_finite_weights();

  const TrainState& state() const { return state_; }
  void set_best(const std::optional<checkpoint::BestResult>& best) { state_.best = best; }
  void set_unrecorded(checkpoint::StepSums sums) { state_.unrecorded = std::move(sums); }
  /// Whether the state that is saved next is one before the evaluation that is due after the latest update.
  void set_evaluation_due(bool is_due);

 private:
  /// Tells the other ranks what this one has of the update, and adds up what all have.
  /// \return the targets of the whole update
  TargetCounts exchange(const UpdateBatch& batch, StepReport& report);
  /// Adds up the gradients of the update's micro-batches, over all ranks; fills loss, sums, norm
  /// and signal.
  void forward_backward(const UpdateBatch& batch, const TargetCounts& update_targets, StepReport& report);
  /// Tells the objective of positions that no sequence had before.
  void note_sequence_length();
  /// Adds up over the ranks what an update computed, and tells them of a signal and of the clock.
  /// \param sums the task's, and the loss behind them
  void collect(const at::Tensor& sums, StepReport& report);
  void require_finite(const StepReport& report) const;
  void advance(const UpdateBatch& batch, const StepReport& report);

  Objective& objective_;
  parallel::DistributedOptimizer& optimizer_;
  optim::Schedule schedule_;
  Course& course_;
  Loader& loader_;
  parallel::Group& ranks_;
  parallel::GradientSum gradients_;
  TrainState state_;
  UpdateBatch batch_;               ///< that of the latest update
  std::optional<StepReport> last_;  ///< the latest update, all of whose values are finite
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();  ///< of the sitting
};

}  // namespace albert::train
