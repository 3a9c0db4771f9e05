#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "config/fields.h"

namespace albert::optim {

enum class Decay { kPolynomial, kLinear, kConstant };

/// The `schedule` part of a configuration. The defaults are Google's rule (google-research/albert
/// optimization.py:34-64); the number of steps is train.steps.
struct ScheduleConfig {
  std::int64_t warmup_steps = 0;
  double warmup_ratio = 0;  ///< a share of the run; 0: warmup_steps counts
  Decay decay = Decay::kPolynomial;
  double power = 1.0;
  double end_learning_rate = 0;
  bool warmup_from_zero = true;
  bool decay_during_warmup = true;

  void fields(config::Fields& f);
  /// \param key the name of this group in the whole configuration
  void check(config::Checks& c, std::string_view key = "schedule") const;
  /// Turns warmup_ratio into warmup_steps.
  void settle_warmup(std::int64_t total_steps);
};

/// The learning rate of every update. With s the number of updates done before (the first update has s = 0), N
/// train.steps, W warmup_steps, p the peak rate (optimizer.learning_rate) and e end_learning_rate:
///
///     s < W   p s / W, so the first update changes no weight
///             with warmup_from_zero: false      p (s + 1) / W
///     s >= W  e + (p - e) (1 - s / N)^power, so there is a small drop after warm-up, and the peak is never reached
///             with decay_during_warmup: false   e + (p - e) (1 - (s - W) / (N - W))^power, which begins at the peak
///
/// A constant decay stays at p after warm-up. Beyond N the rate stays at e.
class Schedule {
 public:
  Schedule(const ScheduleConfig& config, double peak, std::int64_t total_steps)
      : config_(config), peak_(peak), total_steps_(total_steps) {}

  /// \param step updates done before this one
  double at(std::int64_t step) const;

  const ScheduleConfig& config() const { return config_; }
  double peak() const { return peak_; }
  std::int64_t total_steps() const { return total_steps_; }

 private:
  double decayed(std::int64_t step) const;

  ScheduleConfig config_;
  double peak_;
  std::int64_t total_steps_;
};

/// The schedule in one sentence, for the log; says so if the run ends before warm-up does.
std::string summarise(const Schedule& schedule);

/// The schedule for people: summarise(), a table of the updates where something happens with their rates, and a plot of
/// text, 80 columns wide.
std::string describe(const Schedule& schedule);

}  // namespace albert::optim
