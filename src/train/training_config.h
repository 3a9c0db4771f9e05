#pragma once

#include <cstdint>
#include <functional>

#include "checkpoint/store.h"
#include "optim/optimizer_config.h"
#include "optim/schedule.h"
#include "train/train_config.h"

namespace albert::train {

/// What every kind of training has in its configuration, whatever the task.
struct TrainingConfig {
  optim::OptimizerConfig optimizer;
  optim::ScheduleConfig schedule;
  TrainConfig train;
  EvaluateConfig evaluate;
  checkpoint::CheckpointConfig checkpoint;
  LogConfig log;

  void fields(config::Fields& f);
  void check(config::Checks& c) const;

  /// Updates between checkpoints, as checkpoint.every says; 0: only at the end.
  std::int64_t checkpoint_interval() const;

  /// Turns what is given in epochs and in shares of the run into steps; warns of a run that ends within its warm-up.
  /// \param updates how many updates train.epochs are; asked only if that is set
  void settle_length(const std::function<std::int64_t(double epochs)>& updates);
};

}  // namespace albert::train
