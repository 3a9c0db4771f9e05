#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>

#include "metrics/figures.h"

/// How well probabilities tell how often they are right (Guo et al., "On Calibration of Modern Neural Networks", arXiv
/// 1706.04599).
namespace albert::metrics {

/// The decisions of a model, each with the probability that it gives it.
class Calibration {
 public:
  static constexpr std::size_t kNumBins = 15;  ///< as in the paper

  /// Decisions of like confidence; both means have no value where there are none.
  struct Bin {
    Mean confidence;
    Mean accuracy;
  };

  /// \param confidence the probability of what is likeliest, in [0, 1]
  void add(double confidence, bool is_right);

  /// The expected calibration error: the mean over the decisions of |accuracy - mean confidence| of their bin, for bins
  /// of equal width that hold their upper end. Nothing if there are no decisions.
  std::optional<double> expected_error() const;
  /// In the order of the confidence.
  std::span<const Bin, kNumBins> bins() const { return bins_; }

 private:
  std::array<Bin, kNumBins> bins_{};
};

/// What a model says of one decision: scores before the softmax, and what is right.
struct ScoredDecision {
  std::span<const float> scores;  ///< [C]
  std::size_t label = 0;
};

/// The bounds of temperatures.
inline constexpr double kLowestTemperature = 0.01;
inline constexpr double kHighestTemperature = 100;

/// The number T for which softmax(scores / T) gives the labels the highest likelihood: temperature scaling.
/// \return in [0.01, 100]; nothing where no such T is the best, as where every decision is right, or none is given
std::optional<double> fit_temperature(std::span<const ScoredDecision> decisions);

}  // namespace albert::metrics
