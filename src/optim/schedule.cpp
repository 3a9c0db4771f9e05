#include "optim/schedule.h"

#include <cmath>
#include <string>
#include <utility>

#include <spdlog/fmt/fmt.h>

namespace albert::optim {

void ScheduleConfig::fields(config::Fields& f) {
  f("warmup_steps", warmup_steps,
    "updates in which the rate rises linearly to its peak; Google's pretraining: 3125 of 125000", config::at_least(0));
  f("warmup_ratio", warmup_ratio, "the same as a share of the run's steps; 0: warmup_steps says how many",
    config::between(0, 1));
  f.one_counts("warmup_steps", warmup_steps, "warmup_ratio", warmup_ratio);
  f.choice("decay", decay, "how the rate falls after warm-up, until train.steps",
           {{"polynomial", Decay::kPolynomial}, {"linear", Decay::kLinear}, {"constant", Decay::kConstant}});
  f("power", power, "of the polynomial; 1 = linear, 0.5 stays high for longer", config::positive());
  f("end_learning_rate", end_learning_rate, "rate that the decay ends at", config::at_least(0));
  f("warmup_from_zero", warmup_from_zero,
    "whether the first update has the rate 0 and so changes nothing, as in Google's code; false = peak / warmup_steps");
  f("decay_during_warmup", decay_during_warmup,
    "whether the decay is counted from update 0, as in Google's code, which drops a little after warm-up; false = from "
    "its end, at the peak");
}

void ScheduleConfig::check(config::Checks& c, std::string_view key) const {
  const std::string prefix = std::string(key) + ".";
  if (warmup_ratio > 0 && warmup_steps > 0) {
    c.fail(prefix + "warmup_ratio",
           fmt::format("has no effect beside warmup_steps {}; set one of the two", warmup_steps));
  }
  if (power != 1.0 && decay != Decay::kPolynomial) c.fail(prefix + "power", "has no effect unless decay is polynomial");
  if (end_learning_rate != 0 && decay == Decay::kConstant) {
    c.fail(prefix + "end_learning_rate", "has no effect when decay is constant");
  }
}

void ScheduleConfig::settle_warmup(std::int64_t total_steps) {
  if (warmup_ratio > 0) warmup_steps = std::llround(std::exchange(warmup_ratio, 0) * static_cast<double>(total_steps));
}

double Schedule::at(std::int64_t step) const {
  if (step >= config_.warmup_steps) return decayed(step);
  const std::int64_t risen = step + (config_.warmup_from_zero ? 0 : 1);
  return peak_ * static_cast<double>(risen) / static_cast<double>(config_.warmup_steps);
}

double Schedule::decayed(std::int64_t step) const {
  if (config_.decay == Decay::kConstant) return peak_;
  const std::int64_t start = config_.decay_during_warmup ? 0 : config_.warmup_steps;
  if (step >= total_steps_) return config_.end_learning_rate;
  const double done = static_cast<double>(step - start) / static_cast<double>(total_steps_ - start);
  const double power = config_.decay == Decay::kLinear ? 1.0 : config_.power;
  return config_.end_learning_rate + (peak_ - config_.end_learning_rate) * std::pow(1.0 - done, power);
}

}  // namespace albert::optim
