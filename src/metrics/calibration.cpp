#include "metrics/calibration.h"

#include <algorithm>
#include <cmath>

namespace albert::metrics {

namespace {

/// The derivative of -log softmax(beta scores)[label] by beta: the expected score less that of the label.
double slope(const ScoredDecision& decision, double beta) {
  const double largest = std::ranges::max(decision.scores);
  double sum = 0;
  double weighted = 0;
  for (const float score : decision.scores) {
    const double weight = std::exp(beta * (score - largest));
    sum += weight;
    weighted += weight * score;
  }
  return weighted / sum - decision.scores[decision.label];
}

double slope(std::span<const ScoredDecision> decisions, double beta) {
  double sum = 0;
  for (const ScoredDecision& decision : decisions) sum += slope(decision, beta);
  return sum;
}

}  // namespace

void Calibration::add(double confidence, bool is_right) {
  const auto upper = static_cast<std::ptrdiff_t>(std::ceil(confidence * static_cast<double>(kNumBins)));
  Bin& bin = bins_[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(upper - 1, 0, kNumBins - 1))];
  bin.confidence.add(confidence);
  bin.accuracy.add(is_right ? 1 : 0);
}

std::optional<double> Calibration::expected_error() const {
  Mean gap;
  for (const Bin& bin : bins_) {
    if (bin.accuracy.count == 0) continue;
    gap.add(std::abs(*bin.accuracy.value() - *bin.confidence.value()), bin.accuracy.count);
  }
  return gap.value();
}

/// The loss is convex in 1 / T, so its slope grows and has one root at most.
std::optional<double> fit_temperature(std::span<const ScoredDecision> decisions) {
  constexpr int kHalvings = 50;
  double low = std::log(1 / kHighestTemperature);
  double high = std::log(1 / kLowestTemperature);
  if (slope(decisions, std::exp(low)) >= 0 || slope(decisions, std::exp(high)) <= 0) return std::nullopt;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (low + high) / 2;
    (slope(decisions, std::exp(middle)) < 0 ? low : high) = middle;
  }
  return std::exp(-(low + high) / 2);
}

}  // namespace albert::metrics
