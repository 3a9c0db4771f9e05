#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace albert::metrics {

/// Named results in the order in which people read them. A figure that could not be computed is absent, never invented.
using Figures = std::vector<std::pair<std::string, double>>;

/// The figure of that name, if there is one.
std::optional<double> find(const Figures& figures, std::string_view name);

/// Whether smaller values of a figure are the better ones, as of losses and of the calibration error.
bool is_better_smaller(std::string_view name);

/// A mean that is still being added up. Sums of parts add up to the sum of the whole, whatever the split.
struct Mean {
  double sum = 0;
  double count = 0;

  void add(double value, double weight = 1) {
    sum += value * weight;
    count += weight;
  }
  Mean& operator+=(const Mean& other) {
    sum += other.sum;
    count += other.count;
    return *this;
  }
  /// sum / count; nothing if nothing was added.
  std::optional<double> value() const;
};

}  // namespace albert::metrics
