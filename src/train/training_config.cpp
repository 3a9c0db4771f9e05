#include "train/training_config.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace albert::train {

void TrainingConfig::fields(config::Fields& f) {
  f.group("optimizer", optimizer, "how gradients become updates");
  f.group("schedule", schedule, "the learning rate over the run");
  f.group("train", train, "how much, and on what");
  f.group("evaluate", evaluate, "judging the model on held-out examples");
  f.group("checkpoint", checkpoint, "keeping the run's state on disk");
  f.group("log", log, "records of the run");
}

std::int64_t TrainingConfig::checkpoint_interval() const {
  constexpr std::int64_t kWithoutEvaluations = 500;
  if (checkpoint.every != checkpoint::CheckpointConfig::kWithEvaluations) return checkpoint.every;
  return evaluate.every > 0 ? evaluate.every : kWithoutEvaluations;
}

void TrainingConfig::settle_length(const std::function<std::int64_t(double epochs)>& updates) {
  if (train.epochs > 0) train.steps = std::max<std::int64_t>(1, updates(std::exchange(train.epochs, 0)));
  schedule.settle_warmup(train.steps);
  if (schedule.warmup_steps >= train.steps) {
    log_warning(
        "the run of {} steps ends within its warm-up of {}: the learning rate never reaches its peak; lower "
        "schedule.warmup_steps, or give schedule.warmup_ratio=0.1",
        train.steps, schedule.warmup_steps);
  }
}

void TrainingConfig::check(config::Checks& c) const {
  optimizer.check(c);
  schedule.check(c);
  train.check(c);
}

}  // namespace albert::train
