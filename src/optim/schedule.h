#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/fields.h"

namespace albert::optim {

/// How the rate falls: as a power of what is left of the decay, straight, as half a cosine, as 1 minus the root of what
/// is done, or not at all.
enum class Decay { kPolynomial, kLinear, kCosine, kInverseRoot, kConstant };

/// How long a run is: so many updates, or so many milliseconds. A place in it is how many of them are over.
struct RunLength {
  enum class Unit { kUpdates, kMilliseconds };

  std::int64_t count = 0;
  Unit unit = Unit::kUpdates;

  RunLength(std::int64_t updates) : count(updates) {}  // NOLINT(google-explicit-constructor): most runs count updates
  RunLength(std::int64_t number, Unit of) : count(number), unit(of) {}
  static RunLength of_minutes(double minutes) {
    return {std::max<std::int64_t>(1, std::llround(minutes * 60'000)), Unit::kMilliseconds};
  }

  bool is_time() const { return unit == Unit::kMilliseconds; }
  /// A stretch of the run, for people: "250 updates", "2:30 minutes".
  std::string stretch(std::int64_t length) const;
  /// What begins at a place: "update 251", "minute 2:30".
  std::string moment(std::int64_t place) const { return (is_time() ? "minute " : "update ") + mark(place); }
  /// The same in a table: "251", "2:30".
  std::string mark(std::int64_t place) const;
};

/// The `schedule` part of a configuration. The defaults are Google's rule (google-research/albert
/// optimization.py:34-64); how long the run is says train.steps or train.minutes.
struct ScheduleConfig {
  std::int64_t warmup_steps = 0;
  double warmup_ratio = 0;  ///< a share of the run; 0: warmup_steps counts
  Decay decay = Decay::kPolynomial;
  double decay_ratio = 1.0;      ///< the share of the run, at its end, in which the rate falls
  std::int64_t decay_steps = 0;  ///< the same in updates; 0: decay_ratio counts
  double power = 1.0;
  double end_learning_rate = 0;
  std::int64_t rewarm_steps = 0;  ///< after each border; see Schedule
  double rewarm_ratio = 0;        ///< the same as a share of the run; 0: rewarm_steps counts
  bool warmup_from_zero = true;
  bool decay_during_warmup = true;

  void fields(config::Fields& f);
  /// \param key the name of this group in the whole configuration
  void check(config::Checks& c, std::string_view key = "schedule") const;
  /// For a run without borders: that nothing asks for warming up behind them. \param reason why there are none
  void check_no_rewarming(config::Checks& c, std::string_view reason) const;
  /// Turns shares of the run into warmup_steps and rewarm_steps; in a run of so many minutes these are milliseconds then.
  void settle(std::int64_t length);
};

/// The learning rate of every update. With s the number of updates done before (the first update has s = 0), N
/// train.steps, W warmup_steps, p the peak rate (optimizer.learning_rate) and e end_learning_rate; in a run of
/// train.minutes with milliseconds for updates everywhere:
///
///     s < W   p s / W, so the first update changes no weight
///             with warmup_from_zero: false      p (s + 1) / W
///     s >= W  e + (p - e) (1 - s / N)^power, so there is a small drop after warm-up, and the peak is never reached
///             with decay_during_warmup: false   e + (p - e) (1 - (s - W) / (N - W))^power, which begins at the peak
///
/// A constant decay stays at p after warm-up. Beyond N the rate stays at e.
///
/// With (1 - x)^power, x from 0 to 1 over the decay, stands for the other shapes: linear 1 - x; cosine (1 + cos(pi x)) / 2;
/// inverse_root 1 - sqrt(x) (Haegele et al., arXiv 2405.18392). A decay_ratio r below 1 keeps p until (1 - r) N updates
/// are done, and decays from there: warm-up, stable, decay. decay_steps D keeps it until N - D are done.
///
/// At a border, where the model becomes deeper or its sequences longer, the rate may be warmed up again: in the R =
/// rewarm_steps updates from b on it is (s - b + 1) / R of what it would be.
class Schedule {
 public:
  /// \param borders the places of the borders, ascending
  Schedule(const ScheduleConfig& config, double peak, RunLength length, std::vector<std::int64_t> borders = {})
      : config_(config), peak_(peak), length_(length), borders_(std::move(borders)) {
    config_.settle(length.count);
  }

  /// \param place in the run: updates done before this one, or milliseconds over
  double at(std::int64_t place) const;

  /// Settled for the length.
  const ScheduleConfig& config() const { return config_; }
  double peak() const { return peak_; }
  const RunLength& length() const { return length_; }
  const std::vector<std::int64_t>& borders() const { return borders_; }
  /// Whether the rate stays at its peak for some time after warm-up.
  bool has_plateau() const { return config_.decay_ratio < 1 || config_.decay_steps > 0; }
  /// The place at which the decay begins.
  std::int64_t decay_start() const;

 private:
  double decayed(std::int64_t place) const;
  /// What the rate is multiplied by, after a border.
  double rewarmed(std::int64_t place) const;

  ScheduleConfig config_;
  double peak_;
  RunLength length_;
  std::vector<std::int64_t> borders_;
};

/// The schedule in one sentence, for the log; says so if the run ends before warm-up does.
std::string summarise(const Schedule& schedule);

/// The schedule for people: summarise(), a table of the places where something happens with their rates, and a plot of
/// text, 80 columns wide.
std::string describe(const Schedule& schedule);

}  // namespace albert::optim
