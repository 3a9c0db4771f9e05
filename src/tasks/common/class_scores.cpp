#include "tasks/common/class_scores.h"

#include <algorithm>
#include <cmath>

namespace albert::tasks {

std::vector<double> softmax(std::span<const float> scores, double temperature) {
  std::vector<double> probabilities(scores.begin(), scores.end());
  const double largest = *std::ranges::max_element(probabilities);
  double sum = 0;
  for (double& value : probabilities) sum += value = std::exp((value - largest) / temperature);
  for (double& value : probabilities) value /= sum;
  return probabilities;
}

double logistic(float score, double temperature) {
  return 1 / (1 + std::exp(-static_cast<double>(score) / temperature));
}

std::size_t index_of_best(std::span<const float> scores) {
  return static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin());
}

double rounded_probability(double value) {
  return std::round(value * 1e6) / 1e6;
}

}  // namespace albert::tasks
