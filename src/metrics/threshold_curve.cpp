#include "metrics/threshold_curve.h"

#include <algorithm>

namespace albert::metrics {

std::vector<ThresholdPoint> threshold_curve(std::span<const ScoredGuess> guesses, std::size_t num_to_find,
                                            std::size_t steps) {
  std::vector<ScoredGuess> sorted(guesses.begin(), guesses.end());
  std::ranges::sort(sorted, {}, &ScoredGuess::probability);
  auto num_right = static_cast<double>(std::ranges::count(sorted, true, &ScoredGuess::is_right));
  std::vector<ThresholdPoint> points;
  auto said = sorted.begin();  // from here on the guesses are said
  for (std::size_t i = 0; i <= steps; ++i) {
    const double threshold = static_cast<double>(i) / static_cast<double>(steps);
    for (; said != sorted.end() && said->probability < threshold; ++said) num_right -= said->is_right ? 1 : 0;
    const auto num_said = static_cast<double>(sorted.end() - said);
    points.push_back({.threshold = threshold,
                      .precision = num_said > 0 ? std::optional(num_right / num_said) : std::nullopt,
                      .recall = num_right / static_cast<double>(num_to_find)});
  }
  return points;
}

}  // namespace albert::metrics
