#include "metrics/correlation.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <spdlog/fmt/fmt.h>

#include "base/counted.h"
#include "base/error.h"

namespace albert::metrics {

namespace {

bool all_equal(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [&](double value) { return value == values[0]; });
}

/// Empty if two such series can be correlated.
/// \param is_number what the values must be
std::string why_undefined(std::span<const double> gold, std::span<const double> predicted, bool (*is_number)(double)) {
  if (gold.size() != predicted.size()) {
    throw InternalError("{} gold and {} predicted values to correlate", gold.size(), predicted.size());
  }
  if (gold.size() < 2)
    return fmt::format("{}, expected 2 or more", counted(gold.size(), "pair of values", "pairs of values"));
  for (const auto& [values, what] : {std::pair(gold, "gold"), std::pair(predicted, "predicted")}) {
    if (!std::all_of(values.begin(), values.end(), is_number)) return fmt::format("a {} value is no number", what);
  }
  if (all_equal(gold)) return "all gold values are equal";
  if (all_equal(predicted)) return kOnePrediction;
  return "";
}

/// The values less their mean, of length 1.
std::vector<double> centred_unit_vector(std::span<const double> values) {
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  std::vector<double> centred;
  double largest = 0;
  for (const double value : values) {
    centred.push_back(value - mean);
    largest = std::max(largest, std::abs(centred.back()));
  }
  // Divided by the largest first: its square must be neither infinite nor 0.
  double squares = 0;
  for (double& value : centred) {
    value /= largest;
    squares += value * value;
  }
  for (double& value : centred) value /= std::sqrt(squares);
  return centred;
}

double cosine_of_centred(std::span<const double> x, std::span<const double> y) {
  const std::vector<double> u = centred_unit_vector(x);
  const std::vector<double> v = centred_unit_vector(y);
  // Rounding must not take it past 1.
  return std::clamp(std::inner_product(u.begin(), u.end(), v.begin(), 0.0), -1.0, 1.0);
}

}  // namespace

Correlation pearson(std::span<const double> gold, std::span<const double> predicted) {
  const std::string reason = why_undefined(gold, predicted, [](double value) { return std::isfinite(value); });
  if (!reason.empty()) return {std::nullopt, reason};
  return {cosine_of_centred(gold, predicted), ""};
}

Correlation spearman(std::span<const double> gold, std::span<const double> predicted) {
  const std::string reason = why_undefined(gold, predicted, [](double value) { return !std::isnan(value); });
  if (!reason.empty()) return {std::nullopt, reason};
  return {cosine_of_centred(tied_ranks(gold), tied_ranks(predicted)), ""};
}

std::vector<double> tied_ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double shared = static_cast<double>(begin + 1 + end) / 2;
    for (std::size_t i = begin; i < end; ++i) ranks[order[i]] = shared;
  }
  return ranks;
}

Report judge_correlation(std::span<const double> gold, std::span<const double> predicted) {
  Report report;
  const auto add = [&](const char* name, const Correlation& correlation) {
    if (correlation.value) {
      report.figures.emplace_back(name, *correlation.value);
    } else {
      report.undefined.emplace_back(name, correlation.reason);
    }
  };
  add("pearson", pearson(gold, predicted));
  add("spearman", spearman(gold, predicted));
  return report;
}

}  // namespace albert::metrics
