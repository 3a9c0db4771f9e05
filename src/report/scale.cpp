#include "report/scale.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <spdlog/fmt/fmt.h>

namespace albert::report {

namespace {

constexpr double kRounding = 1e-9;  // of a step: what is nearer to a mark stands on it

/// The least of 1, 2 and 5 times a power of 10 that is not below a number.
double round_up(double number) {
  const double power = std::pow(10, std::floor(std::log10(number)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= number * (1 - kRounding)) return factor * power;
  }
  return 10 * power;
}

/// Digits behind the point that tell multiples of a step apart.
int digits_of(double step) {
  return std::max(0, static_cast<int>(std::ceil(-std::log10(step) - kRounding)));
}

std::string without_zeros(std::string text) {
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

/// "1e-4", "2.5e-5".
std::string in_powers(double value) {
  const int power = static_cast<int>(std::floor(std::log10(std::abs(value)) + kRounding));
  return fmt::format("{}e{}", without_zeros(fmt::format("{:.2f}", value / std::pow(10, power))), power);
}

std::string in_thousands(double value, double step) {
  for (const auto& [size, letter] : {std::pair(1e9, "G"), std::pair(1e6, "M"), std::pair(1e3, "k")}) {
    if (std::abs(value) < size) continue;
    return without_zeros(fmt::format("{:.{}f}", value / size, digits_of(std::max(step / size, 1e-3)))) + letter;
  }
  return without_zeros(fmt::format("{:.{}f}", value, digits_of(step)));
}

}  // namespace

Scale Scale::linear(double low, double high, int max_ticks, bool reaches_ticks, Unit unit) {
  if (high <= low) {  // all values are one
    const double room = low == 0 ? 1 : std::abs(low) / 2;
    low -= low == 0 ? 0 : room;
    high += room;
  }
  double step = round_up((high - low) / max_ticks);
  if (unit == Unit::kWhole) step = std::max(step, 1.0);
  if (reaches_ticks) {
    // What is widened may have a mark too many.
    while (std::ceil(high / step - kRounding) - std::floor(low / step + kRounding) > max_ticks)
      step = round_up(step * 1.5);
    low = step * std::floor(low / step + kRounding);
    high = step * std::ceil(high / step - kRounding);
  }
  Scale scale(low, high);
  scale.unit_ = unit;
  scale.step_ = step;
  const auto end = std::llround(std::floor(high / step + kRounding));
  for (auto n = std::llround(std::ceil(low / step - kRounding)); n <= end; ++n)
    scale.ticks_.push_back(static_cast<double>(n) * step);
  return scale;
}

Scale Scale::logarithmic(double low, double high, int max_ticks) {
  if (high <= low) high = 10 * low;
  Scale scale(low, high);
  scale.is_logarithmic_ = true;
  const auto first = static_cast<int>(std::floor(std::log10(low))),
             last = static_cast<int>(std::floor(std::log10(high)));
  const auto add = [&](double tick) {
    if (tick >= low * (1 - kRounding) && tick <= high * (1 + kRounding)) scale.ticks_.push_back(tick);
  };
  const bool has_few = last - first <= max_ticks / 3;
  const int stride = std::max(1, (last - first + max_ticks - 1) / max_ticks);
  for (int power = first; power <= last; ++power) {
    if (power % stride != 0) continue;
    for (const double factor : {1.0, 2.0, 5.0}) {
      if (factor == 1 || has_few) add(factor * std::pow(10, power));
    }
  }
  return scale;
}

Scale Scale::without_ticks() const {
  Scale scale = *this;
  scale.ticks_.clear();
  return scale;
}

double Scale::position(double value) const {
  if (!is_logarithmic_) return (value - low_) / (high_ - low_);
  return std::log(std::max(value, low_) / low_) / std::log(high_ / low_);
}

std::string Scale::label(double tick) const {
  constexpr double kLeastPlain = 1e-3;
  if (tick == 0) return unit_ == Unit::kShare ? "0%" : "0";
  if (unit_ == Unit::kShare) return without_zeros(fmt::format("{:.{}f}", 100 * tick, digits_of(100 * step_))) + "%";
  const double step = is_logarithmic_ ? std::pow(10, std::floor(std::log10(tick) + kRounding)) : step_;
  return step < kLeastPlain && std::abs(tick) < 1 ? in_powers(tick) : in_thousands(tick, step);
}

}  // namespace albert::report
