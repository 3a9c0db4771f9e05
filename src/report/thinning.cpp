#include "report/thinning.h"

#include <algorithm>

namespace albert::report {

namespace {

/// The lowest and the highest of a stretch, in the order of their x.
void add_extremes(std::span<const Point> stretch, std::vector<Point>& kept) {
  const auto [lowest, highest] = std::ranges::minmax_element(stretch, {}, &Point::y);
  const auto [first, second] = std::minmax(lowest, highest);
  kept.push_back(*first);
  if (second != first) kept.push_back(*second);
}

}  // namespace

std::vector<Point> thinned(std::span<const Point> points, std::size_t max_points) {
  if (points.size() <= max_points) return {points.begin(), points.end()};
  const std::span<const Point> inner = points.subspan(1, points.size() - 2);
  const std::size_t num_stretches = (max_points - 2) / 2;
  const double begin = inner.front().x;
  const double width = (inner.back().x - begin) / static_cast<double>(num_stretches);
  std::vector<Point> kept = {points.front()};
  std::size_t first = 0;
  for (std::size_t i = 1; i <= num_stretches && first < inner.size(); ++i) {
    const double limit = begin + width * static_cast<double>(i);
    std::size_t end = first;
    while (end < inner.size() && (i == num_stretches || inner[end].x < limit)) ++end;
    if (end > first) add_extremes(inner.subspan(first, end - first), kept);
    first = end;
  }
  kept.push_back(points.back());
  return kept;
}

}  // namespace albert::report
