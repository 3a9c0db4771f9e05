#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace albert::tasks {

/// \param scores [C], at least one
/// \param temperature what they are divided by
/// \return [C] probabilities, in the digits of floats
std::vector<double> softmax(std::span<const float> scores, double temperature = 1);

/// softmax(scores, temperature)[index], without the others.
double softmax_at(std::size_t index, std::span<const float> scores, double temperature = 1);

/// 1 / (1 + exp(-score / temperature)), in the digits of a float.
double logistic(float score, double temperature = 1);

/// Of the highest score; the first of equals.
std::size_t index_of_best(std::span<const float> scores);

}  // namespace albert::tasks
