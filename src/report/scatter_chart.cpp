#include <algorithm>
#include <cmath>

#include <spdlog/fmt/fmt.h>

#include "report/chart.h"
#include "report/frame.h"
#include "report/html.h"

namespace albert::report {

namespace {

constexpr std::size_t kMaxDots = 2000;
constexpr std::size_t kMaxTableRows = 40;
constexpr int kTicksOfScatter = 5;

/// At most so many of them, evenly chosen.
std::vector<Point> some_of(const std::vector<Point>& points, std::size_t count) {
  if (points.size() <= count) return points;
  std::vector<Point> some;
  for (std::size_t i = 0; i < count; ++i) some.push_back(points[i * points.size() / count]);
  return some;
}

Scale scale_of(const std::vector<Point>& points, double Point::*coordinate) {
  const auto [low, high] = std::ranges::minmax_element(points, {}, coordinate);
  return Scale::linear(*low.*coordinate, *high.*coordinate, kTicksOfScatter, /*reaches_ticks=*/true);
}

std::string table_of_points(const ScatterChart& chart) {
  Table table(chart.title);
  table.add_column(chart.x_name, Table::Column::kNumber).add_column(chart.y_name, Table::Column::kNumber);
  for (const Point& point : some_of(chart.points, kMaxTableRows)) table.add_row({figure(point.x), figure(point.y)});
  return table.to_html();
}

}  // namespace

std::string to_html(const ScatterChart& chart) {
  ScatterChart shown = chart;
  std::erase_if(shown.points, [](const Point& p) { return !std::isfinite(p.x) || !std::isfinite(p.y); });
  if (shown.points.empty()) return "";
  const Frame frame(scale_of(shown.points, &Point::x), scale_of(shown.points, &Point::y), shown.x_name, shown.y_name);
  std::string dots;
  for (const Point& point : some_of(shown.points, kMaxDots))
    dots += fmt::format("M{} {}h0", place(frame.x(point.x)), place(frame.y(point.y)));
  const std::string content =
      (shown.has_diagonal ? frame.diagonal() : "") + fmt::format(R"(<path class="dots cloud c0" d="{}"/>)", dots);
  const std::string words =
      fmt::format("{}: {} points, {} against {}.", shown.title, shown.points.size(), shown.y_name, shown.x_name);
  return figure_html({.title = shown.title,
                      .svg = frame.to_svg(words, content),
                      .legend = "",
                      .note = shown.note,
                      .table = table_of_points(shown)});
}

}  // namespace albert::report
