#include "tasks/common/class_scores.h"

#include <algorithm>
#include <cmath>

#include "tasks/common/float_digits.h"

namespace albert::tasks {

std::vector<double> softmax(std::span<const float> scores) {
  std::vector<double> probabilities(scores.begin(), scores.end());
  const double largest = *std::ranges::max_element(probabilities);
  double sum = 0;
  for (double& value : probabilities) sum += value = std::exp(value - largest);
  for (double& value : probabilities) value = float_digits(value / sum);
  return probabilities;
}

std::size_t index_of_best(std::span<const float> scores) {
  return static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin());
}

}  // namespace albert::tasks
