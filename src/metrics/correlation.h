#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "metrics/report.h"

namespace albert::metrics {

/// Why nothing correlates with predictions that say one number always.
inline constexpr const char* kOnePrediction = "all predicted values are equal";

/// A coefficient in [-1, 1], or the reason why there is none.
struct Correlation {
  std::optional<double> value;
  std::string reason;  ///< empty if there is a value
};

/// Pearson's correlation of two series of n numbers each, as scipy.stats.pearsonr: undefined (there nan) for fewer than
/// two pairs, and if all numbers of one side are equal or one is not finite.
/// Throws InternalError for series of different lengths.
Correlation pearson(std::span<const double> gold, std::span<const double> predicted);

/// Pearson's correlation of the ranks, where equal numbers share the mean of their ranks, as scipy.stats.spearmanr.
Correlation spearman(std::span<const double> gold, std::span<const double> predicted);

/// The ranks of numbers, from 1: [n]. Equal numbers share the mean of their ranks.
std::vector<double> tied_ranks(std::span<const double> values);

/// Both correlations, as pearson and spearman; where they have no value, Report::undefined says why.
Report judge_correlation(std::span<const double> gold, std::span<const double> predicted);

}  // namespace albert::metrics
