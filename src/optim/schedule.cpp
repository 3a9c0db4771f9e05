#include "optim/schedule.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numbers>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <spdlog/fmt/fmt.h>

#include "base/counted.h"
#include "base/error.h"

namespace albert::optim {

namespace {

constexpr std::int64_t kPlotColumns = 64;
constexpr int kPlotRows = 10;

std::string decay_in_words(const Schedule& schedule) {
  const ScheduleConfig& config = schedule.config();
  if (config.decay == Decay::kConstant) return "then constant";
  const double power = config.decay == Decay::kLinear ? 1.0 : config.power;
  const std::string shape = config.decay == Decay::kCosine        ? "half a cosine"
                            : config.decay == Decay::kInverseRoot ? "1 minus the root"
                                                                  : fmt::format("a polynomial of power {:g}", power);
  const std::string start = schedule.has_plateau()
                                ? schedule.length().moment(schedule.decay_start()) + ", at the peak until then"
                            : config.decay_during_warmup ? "the first update (decay_during_warmup)"
                                                         : "the end of warm-up, at the peak";
  const RunLength& length = schedule.length();
  return fmt::format("then a decay to {:.6g} at {} by {}, counted from {}", config.end_learning_rate,
                     length.moment(length.is_time() ? length.count : length.count - 1), shape, start);
}

/// The share of the way from peak to end that is left.
/// \param done the share of the decay that is over
double left_of(const ScheduleConfig& config, double done) {
  switch (config.decay) {
    case Decay::kCosine:
      return (1 + std::cos(std::numbers::pi * done)) / 2;
    case Decay::kInverseRoot:
      return 1 - std::sqrt(done);
    default:
      return std::pow(1.0 - done, config.decay == Decay::kLinear ? 1.0 : config.power);
  }
}

/// The place with the highest rate, which lies at one end of warm-up or the other.
std::int64_t highest(const Schedule& schedule) {
  const std::int64_t end = std::min(schedule.config().warmup_steps, schedule.length().count - 1);
  return end > 0 && schedule.at(end - 1) >= schedule.at(end) ? end - 1 : end;
}

/// The places worth showing: the ends of warm-up and of the run, and quarters and tenths between.
std::set<std::int64_t> interesting_places(const Schedule& schedule) {
  const std::int64_t total = schedule.length().count;
  const std::int64_t warmup = std::min(schedule.config().warmup_steps, total);
  const bool has_neighbours = !schedule.length().is_time();  // a millisecond more or less tells nothing
  std::set<std::int64_t> steps = {0, highest(schedule), warmup, total - 1};
  for (std::int64_t i = 1; i < 4; ++i) steps.insert(warmup * i / 4);
  if (has_neighbours) steps.insert({1, warmup - 1, warmup + 1});
  for (std::int64_t i = 1; i < 10; ++i) steps.insert(warmup + (total - warmup) * i / 10);
  if (schedule.has_plateau()) steps.insert(schedule.decay_start());
  if (schedule.config().rewarm_steps > 0) {
    for (const std::int64_t border : schedule.borders()) {
      steps.insert({border, border + schedule.config().rewarm_steps});
      if (has_neighbours) steps.insert(border - 1);
    }
  }
  std::erase_if(steps, [&](std::int64_t step) { return step < 0 || step >= total; });
  return steps;
}

std::string note(const Schedule& schedule, std::int64_t place) {
  std::string text;
  if (place == highest(schedule)) text += "  highest";
  if (place == schedule.config().warmup_steps && place > 0) text += "  first after warm-up";
  if (schedule.has_plateau() && place == schedule.decay_start()) text += "  decays from here";
  if (std::ranges::binary_search(schedule.borders(), place)) text += "  deeper or longer from here";
  if (place == schedule.length().count - 1) text += "  last";
  return text;
}

std::string table(const Schedule& schedule) {
  const RunLength& length = schedule.length();
  std::string text =
      fmt::format("{:>12}  {:>14}  {:>8}\n", length.is_time() ? "minute" : "update", "learning rate", "of peak");
  for (const std::int64_t place : interesting_places(schedule)) {
    const double rate = schedule.at(place);
    const double share = schedule.peak() > 0 ? 100 * rate / schedule.peak() : 0;
    text += fmt::format("{:>12}  {:>14.6g}  {:>7.2f}%{}\n", length.mark(place), rate, share, note(schedule, place));
  }
  return text;
}

std::string plot(const Schedule& schedule) {
  const RunLength& length = schedule.length();
  const std::int64_t columns = std::min(kPlotColumns, length.count);
  std::vector<double> rates;
  rates.reserve(static_cast<std::size_t>(columns));
  for (std::int64_t column = 0; column < columns; ++column) {
    rates.push_back(schedule.at(columns == 1 ? 0 : column * (length.count - 1) / (columns - 1)));
  }
  const double top = schedule.at(highest(schedule));
  if (top <= 0) return "";
  std::string text;
  for (int row = kPlotRows; row >= 0; --row) {
    text += fmt::format("{:>12.3g} |", top * row / kPlotRows);
    for (const double rate : rates) text += std::lround(rate / top * kPlotRows) == row ? '*' : ' ';
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  text += fmt::format("{:>12} +{}\n", "", std::string(static_cast<std::size_t>(columns), '-'));
  return text + fmt::format("{:>12}  {}{:>{}}\n", length.is_time() ? "minute" : "update", length.mark(0).substr(0, 1),
                            length.mark(length.count - 1), std::max<std::int64_t>(columns - 1, 2));
}

}  // namespace

void ScheduleConfig::fields(config::Fields& f) {
  f("warmup_steps", warmup_steps,
    "updates in which the rate rises linearly to its peak; Google's pretraining: 3125 of 125000", config::at_least(0));
  f("warmup_ratio", warmup_ratio, "the same as a share of the run's steps; 0: warmup_steps says how many",
    config::between(0, 1));
  f.one_counts({{"warmup_steps", &warmup_steps}, {"warmup_ratio", &warmup_ratio}});
  f.choice("decay", decay, "how the rate falls after warm-up, until the end of the run",
           {{"polynomial", Decay::kPolynomial},
            {"linear", Decay::kLinear},
            {"cosine", Decay::kCosine},
            {"inverse_root", Decay::kInverseRoot},
            {"constant", Decay::kConstant}});
  f("decay_ratio", decay_ratio,
    "the share of the run, at its end, in which the rate falls; below 1 it stays at its peak until then (warm-up, "
    "stable, decay: WSD), and the decay counts from there",
    config::between(0, 1));
  f("decay_steps", decay_steps, "the same in updates: the last so many of train.steps; 0: decay_ratio says how many",
    config::at_least(0));
  f("power", power, "of the polynomial; 1 = linear, 0.5 stays high for longer", config::positive());
  f("end_learning_rate", end_learning_rate, "rate that the decay ends at", config::at_least(0));
  f("rewarm_steps", rewarm_steps,
    "updates in which the rate rises from 0 again wherever the model becomes deeper (train.depth_schedule) or the "
    "sequences longer (data.length_schedule)",
    config::at_least(0));
  f("rewarm_ratio", rewarm_ratio, "the same as a share of the run; 0: rewarm_steps says how many",
    config::between(0, 1));
  f.one_counts({{"rewarm_steps", &rewarm_steps}, {"rewarm_ratio", &rewarm_ratio}});
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
  if (rewarm_ratio > 0 && rewarm_steps > 0) {
    c.fail(prefix + "rewarm_ratio",
           fmt::format("has no effect beside rewarm_steps {}; set one of the two", rewarm_steps));
  }
  if (power != 1.0 && decay != Decay::kPolynomial) c.fail(prefix + "power", "has no effect unless decay is polynomial");
  for (const auto& [setting, is_set] :
       {std::pair("decay_ratio", decay_ratio != 1), std::pair("decay_steps", decay_steps > 0)}) {
    if (is_set && decay == Decay::kConstant) c.fail(prefix + setting, "has no effect when decay is constant");
  }
  if (decay_ratio != 1 && decay_steps > 0) {
    c.fail(prefix + "decay_ratio", fmt::format("has no effect beside decay_steps {}; set one of the two", decay_steps));
  }
  if (decay_ratio == 0) c.fail(prefix + "decay_ratio", "is 0; decay: constant says that the rate does not fall");
  if (end_learning_rate != 0 && decay == Decay::kConstant) {
    c.fail(prefix + "end_learning_rate", "has no effect when decay is constant");
  }
}

void ScheduleConfig::check_no_rewarming(config::Checks& c, std::string_view reason) const {
  if (rewarm_steps > 0) c.fail("schedule.rewarm_steps", fmt::format("has no effect: {}", reason));
  if (rewarm_ratio > 0) c.fail("schedule.rewarm_ratio", fmt::format("has no effect: {}", reason));
}

void ScheduleConfig::settle(std::int64_t length) {
  const auto part = [&](double& ratio) { return std::llround(std::exchange(ratio, 0) * static_cast<double>(length)); };
  if (warmup_ratio > 0) warmup_steps = part(warmup_ratio);
  if (rewarm_ratio > 0) rewarm_steps = part(rewarm_ratio);
}

std::string RunLength::stretch(std::int64_t length) const {
  return is_time() ? mark(length) + " minutes" : counted(length, "update");
}

std::string RunLength::mark(std::int64_t place) const {
  if (!is_time()) return std::to_string(place + 1);
  const std::int64_t seconds = (place + 500) / 1000;
  return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
}

double Schedule::at(std::int64_t place) const {
  if (place >= config_.warmup_steps) return rewarmed(place) * decayed(place);
  const std::int64_t risen = place + (config_.warmup_from_zero ? 0 : 1);
  return rewarmed(place) * peak_ * static_cast<double>(risen) / static_cast<double>(config_.warmup_steps);
}

double Schedule::rewarmed(std::int64_t place) const {
  const auto next = std::ranges::upper_bound(borders_, place);
  if (next == borders_.begin() || config_.rewarm_steps == 0) return 1;
  const double done = static_cast<double>(place - *std::prev(next) + 1) / static_cast<double>(config_.rewarm_steps);
  return std::min(done, 1.0);
}

std::int64_t Schedule::decay_start() const {
  if (!has_plateau()) return config_.decay_during_warmup ? 0 : config_.warmup_steps;
  const std::int64_t stable = config_.decay_steps > 0
                                  ? length_.count - config_.decay_steps
                                  : std::llround((1 - config_.decay_ratio) * static_cast<double>(length_.count));
  return std::max<std::int64_t>(stable, config_.warmup_steps);
}

double Schedule::decayed(std::int64_t place) const {
  const std::int64_t start = decay_start();
  if (config_.decay == Decay::kConstant || place < start) return peak_;
  if (place >= length_.count) return config_.end_learning_rate;
  const double done = static_cast<double>(place - start) / static_cast<double>(length_.count - start);
  return config_.end_learning_rate + (peak_ - config_.end_learning_rate) * left_of(config_, done);
}

std::string summarise(const Schedule& schedule) {
  const ScheduleConfig& config = schedule.config();
  const RunLength& length = schedule.length();
  std::string text = fmt::format("{}, learning rate {:.6g}: ", length.stretch(length.count), schedule.peak());
  if (config.warmup_steps > 0) {
    text += fmt::format("{} of linear warm-up from {:.6g}{}, ", length.stretch(config.warmup_steps), schedule.at(0),
                        config.warmup_from_zero ? " (warmup_from_zero: the first update changes nothing)" : "");
  }
  if (config.warmup_steps >= length.count) {
    return text + fmt::format("which the run ends in: the highest rate is {:.6g}", schedule.at(highest(schedule)));
  }
  return text + decay_in_words(schedule);
}

std::string describe(const Schedule& schedule) {
  return summarise(schedule) + ".\n\n" + table(schedule) + '\n' + plot(schedule);
}

}  // namespace albert::optim
