#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "checkpoint/store.h"
#include "config/fields.h"
#include "config/timeline.h"
#include "model/compute.h"
#include "optim/optimizer_config.h"
#include "optim/schedule.h"
#include "parallel/config.h"
#include "train/course.h"

namespace albert::train {

/// Fails where a timeline of whole numbers does not end at the value that the setting has for the end of the run.
void check_growth(config::Checks& c, std::string_view key, const config::Timeline& timeline, std::string_view final_key,
                  std::int64_t final_value);

/// The `train` part of a configuration, for every task.
struct TrainConfig {
  std::int64_t steps = 125000;  ///< 0: one of the next two decides
  double epochs = 0;
  std::optional<double> minutes = 0;  ///< nothing: the task's runs do not go by the clock
  std::filesystem::path clock;        ///< empty: the clock says where in a run by minutes an update is
  std::int64_t batch_size = 4096;
  std::int64_t micro_batch_size = 32;
  std::optional<config::Timeline> batch_schedule = config::Timeline{};  ///< nothing: the task's updates do not grow
  std::optional<config::Timeline> depth_schedule = config::Timeline{};  ///< nothing: the task's model does not grow
  model::ComputeConfig compute;
  std::int64_t seed = 1;
  bool recompute = false;

  void fields(config::Fields& f);
  void check(config::Checks& c) const;
  bool follows_clock() const { return minutes.value_or(0) > 0; }
  /// Once `epochs` are settled.
  optim::RunLength length() const { return follows_clock() ? optim::RunLength::of_minutes(*minutes) : steps; }
};

/// The `evaluate` part of a configuration, for every task.
struct EvaluateConfig {
  std::int64_t every = 1000;
  std::int64_t patience = 0;
  std::optional<std::string> metric = "loss";        ///< nothing: the task has a setting of its own
  std::optional<std::int64_t> max_sequences = 2048;  ///< nothing: the task always evaluates on all

  void fields(config::Fields& f);
};

/// The `log` part of a configuration.
struct LogConfig {
  std::int64_t every = 10;

  void fields(config::Fields& f);
};

/// What every kind of training has in its configuration, whatever the task.
struct TrainingConfig {
  optim::OptimizerConfig optimizer;
  optim::ScheduleConfig schedule;
  TrainConfig train;
  EvaluateConfig evaluate;
  checkpoint::CheckpointConfig checkpoint;
  LogConfig log;
  parallel::ParallelConfig parallel;

  void fields(config::Fields& f);
  void check(config::Checks& c) const;

  /// Updates between checkpoints, as checkpoint.every says; 0: only at the end.
  std::int64_t checkpoint_interval() const;

  /// Turns what is given in epochs, and in shares of a run of so many steps, into steps; warns of a run that ends within
  /// its warm-up.
  /// \param updates how many updates train.epochs are; asked only if that is set
  void settle_length(const std::function<std::int64_t(double epochs)>& updates);
};

/// When things happen besides the updates themselves: a function of the configuration and of the number of updates
/// done.
class Agenda {
 public:
  /// \param course of the run; outlives the agenda
  /// \param save_every steps between checkpoints; 0: only at the end
  Agenda(const Course& course, const LogConfig& log, const EvaluateConfig& evaluate, std::int64_t save_every)
      : course_(course), log_every_(log.every), evaluate_every_(evaluate.every), save_every_(save_every) {}

  bool finished(std::int64_t step) const { return course_.is_over(step); }
  bool log(std::int64_t step) const { return log_every_ > 0 && (is_turn(step, log_every_) || finished(step)); }
  bool evaluate(std::int64_t step) const {
    return evaluate_every_ > 0 && (is_turn(step, evaluate_every_) || finished(step));
  }
  bool save(std::int64_t step) const { return is_turn(step, save_every_) || finished(step); }

 private:
  static bool is_turn(std::int64_t step, std::int64_t every) { return every > 0 && step % every == 0; }

  const Course& course_;
  std::int64_t log_every_;
  std::int64_t evaluate_every_;
  std::int64_t save_every_;
};

}  // namespace albert::train
