#include "report/thinning.h"

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace albert::report {
namespace {

using ::testing::Contains;
using ::testing::ElementsAreArray;

std::vector<Point> wave(std::size_t count) {
  std::vector<Point> points;
  for (std::size_t i = 0; i < count; ++i)
    points.push_back({static_cast<double>(i), std::sin(static_cast<double>(i) / 500)});
  return points;
}

TEST(Thinning, FewPointsStay) {
  const std::vector<Point> points = wave(1000);
  EXPECT_THAT(thinned(points, 1000), ElementsAreArray(points));
  EXPECT_TRUE(thinned({}, 10).empty());
}

TEST(Thinning, SpikesTheFirstAndTheLastPointStay) {
  std::vector<Point> points = wave(100'000);
  points[31'415].y = 7;
  points[77'777].y = -5;
  const std::vector<Point> kept = thinned(points, 1000);
  EXPECT_LE(kept.size(), 1000u);
  EXPECT_GE(kept.size(), 900u) << "no more is lost than must be";
  EXPECT_EQ(kept.front(), points.front());
  EXPECT_EQ(kept.back(), points.back());
  EXPECT_THAT(kept, Contains(points[31'415]));
  EXPECT_THAT(kept, Contains(points[77'777]));
  EXPECT_TRUE(std::ranges::is_sorted(kept, {}, &Point::x));
  for (const Point& point : kept) EXPECT_EQ(point, points[static_cast<std::size_t>(point.x)]) << "nothing is made up";
}

TEST(Thinning, EveryStretchKeepsItsExtremes) {
  std::vector<Point> points;
  for (int i = 0; i < 5000; ++i) points.push_back({static_cast<double>(i), static_cast<double>((i * 7919) % 1009)});
  const std::vector<Point> kept = thinned(points, 100);
  for (std::size_t i = 1; i + 1 < points.size(); ++i) {
    // Within a stretch and its neighbours there is a point as high and one as low.
    const auto near = [&](const Point& p) { return std::abs(p.x - points[i].x) < 2 * 5000 / 49.0; };
    const bool is_covered = std::ranges::any_of(kept, [&](const Point& p) { return near(p) && p.y >= points[i].y; }) &&
                            std::ranges::any_of(kept, [&](const Point& p) { return near(p) && p.y <= points[i].y; });
    ASSERT_TRUE(is_covered) << i;
  }
}

TEST(Thinning, PointsThatLieUnevenlyAreThinnedByTheirX) {
  std::vector<Point> points = wave(10'000);
  for (std::size_t i = 9'000; i < points.size(); ++i) points[i].x += 1e6;  // a run that was resumed with other settings
  const std::vector<Point> kept = thinned(points, 200);
  EXPECT_LE(kept.size(), 200u);
  EXPECT_EQ(kept.back(), points.back());
}

}  // namespace
}  // namespace albert::report
