#include "config/timeline.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <spdlog/fmt/fmt.h>

namespace albert::config {

std::string Timeline::mistake() const {
  if (points_.empty()) return "";
  if (points_.front().share != 0) {
    return fmt::format("begins at the share {:g} of the run; expected a first value for 0", points_.front().share);
  }
  for (std::size_t i = 1; i < points_.size(); ++i) {
    if (points_[i].share <= points_[i - 1].share) {
      return fmt::format("has the share {:g} behind {:g}; expected shares of the run that rise", points_[i].share,
                         points_[i - 1].share);
    }
  }
  if (points_.back().share > 1) {
    return fmt::format("has the share {:g}; expected shares of the run, from 0 to 1", points_.back().share);
  }
  return "";
}

double Timeline::value_at(double share) const {
  const auto next = std::ranges::upper_bound(points_, share, {}, &Point::share);
  if (next == points_.begin()) return points_.front().value;
  if (next == points_.end()) return points_.back().value;
  const Point& before = *std::prev(next);
  return before.value + (next->value - before.value) * (share - before.share) / (next->share - before.share);
}

double Timeline::stage_at(std::int64_t step, std::int64_t num_steps) const {
  double value = points_.front().value;
  for (const Point& point : points_) {
    if (step_of(point, num_steps) <= step) value = point.value;
  }
  return value;
}

std::int64_t Timeline::step_of(const Point& point, std::int64_t num_steps) {
  return std::llround(point.share * static_cast<double>(num_steps));
}

}  // namespace albert::config
