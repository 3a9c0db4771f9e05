#pragma once

#include <cstdint>

#include "train/train_config.h"

namespace albert::train {

/// When things happen besides the updates themselves: a function of the configuration and of the number of updates
/// done.
class Agenda {
 public:
  /// \param save_every steps between checkpoints; 0: only at the end
  Agenda(std::int64_t num_steps, const LogConfig& log, const EvaluateConfig& evaluate, std::int64_t save_every)
      : num_steps_(num_steps), log_every_(log.every), evaluate_every_(evaluate.every), save_every_(save_every) {}

  bool finished(std::int64_t step) const { return step >= num_steps_; }
  bool log(std::int64_t step) const { return log_every_ > 0 && (is_turn(step, log_every_) || finished(step)); }
  bool evaluate(std::int64_t step) const {
    return evaluate_every_ > 0 && (is_turn(step, evaluate_every_) || finished(step));
  }
  bool save(std::int64_t step) const { return is_turn(step, save_every_) || finished(step); }

  std::int64_t num_steps() const { return num_steps_; }

 private:
  static bool is_turn(std::int64_t step, std::int64_t every) { return every > 0 && step % every == 0; }

  std::int64_t num_steps_;
  std::int64_t log_every_;
  std::int64_t evaluate_every_;
  std::int64_t save_every_;
};

}  // namespace albert::train
