#pragma once

#include <cstddef>
#include <numeric>
#include <vector>

namespace albert::testing {

/// Pearson's statistic of counts against the probabilities expected.
inline double chi_squared(const std::vector<double>& counts, const std::vector<double>& probabilities) {
  const double total = std::accumulate(counts.begin(), counts.end(), 0.0);
  double sum = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double expected = total * probabilities[i];
    sum += (counts[i] - expected) * (counts[i] - expected) / expected;
  }
  return sum;
}

/// Against equal probabilities.
inline double chi_squared(const std::vector<double>& counts) {
  return chi_squared(counts, std::vector<double>(counts.size(), 1.0 / static_cast<double>(counts.size())));
}

}  // namespace albert::testing
