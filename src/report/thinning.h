#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace albert::report {

struct Point {
  double x = 0;
  double y = 0;

  bool operator==(const Point&) const = default;
};

/// A line of many points as one of at most `max_points`, which looks the same: the x are cut into stretches of equal
/// width, and of each the lowest and the highest point stay, in the order of their x, so that spikes do; so do the first
/// point and the last one of all.
/// \param points in the order of their x, with finite y
/// \param max_points at least 4
std::vector<Point> thinned(std::span<const Point> points, std::size_t max_points);

}  // namespace albert::report
