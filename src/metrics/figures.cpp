#include "metrics/figures.h"

#include <algorithm>

namespace albert::metrics {

std::optional<double> find(const Figures& figures, std::string_view name) {
  const auto figure =
      std::find_if(figures.begin(), figures.end(), [&](const auto& entry) { return entry.first == name; });
  return figure == figures.end() ? std::nullopt : std::optional(figure->second);
}

bool is_better_smaller(std::string_view name) {
  return name.ends_with("loss") || name.ends_with("calibration_error");
}

std::optional<double> Mean::value() const {
  return count > 0 ? std::optional(sum / count) : std::nullopt;
}

}  // namespace albert::metrics
