#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace albert::tasks {

/// \param scores [C], at least one
/// \return [C] probabilities, in the digits of floats
std::vector<double> softmax(std::span<const float> scores);

/// Of the highest score; the first of equals.
std::size_t index_of_best(std::span<const float> scores);

}  // namespace albert::tasks
