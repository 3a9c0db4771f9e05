#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace albert::metrics {

/// Something that a model may say, with the probability that it gives it.
struct ScoredGuess {
  double probability = 0;
  bool is_right = false;
};

/// What is right, and what is found, if only guesses of at least a probability are said.
struct ThresholdPoint {
  double threshold = 0;
  std::optional<double> precision;  ///< of what is said; nothing where nothing is
  double recall = 0;                ///< of what there is to find
};

/// Precision and recall over the thresholds 0, 1 / steps, ... 1.
/// \param num_to_find what there is to find in all, at least 1; guesses that are right are among it
std::vector<ThresholdPoint> threshold_curve(std::span<const ScoredGuess> guesses, std::size_t num_to_find,
                                            std::size_t steps = 100);

}  // namespace albert::metrics
