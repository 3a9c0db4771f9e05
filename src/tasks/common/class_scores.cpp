#include "tasks/common/class_scores.h"

#include <algorithm>
#include <cmath>

#include "tasks/common/float_digits.h"

namespace albert::tasks {

std::vector<double> softmax(std::span<const float> scores, double temperature) {
  std::vector<double> probabilities(scores.begin(), scores.end());
  const double largest = *std::ranges::max_element(probabilities);
  double sum = 0;
  for (double& value : probabilities) sum += value = std::exp((value - largest) / temperature);
  for (double& value : probabilities) value = float_digits(value / sum);
  return probabilities;
}

double softmax_at(std::size_t index, std::span<const float> scores, double temperature) {
  const double largest = std::ranges::max(scores);
  double sum = 0;
  for (const float score : scores) sum += std::exp((score - largest) / temperature);
  return float_digits(std::exp((scores[index] - largest) / temperature) / sum);
}

double logistic(float score, double temperature) {
  return float_digits(1 / (1 + std::exp(-static_cast<double>(score) / temperature)));
}

std::size_t index_of_best(std::span<const float> scores) {
  return static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin());
}

}  // namespace albert::tasks
