#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include <spdlog/fmt/fmt.h>

#include "report/chart.h"
#include "report/frame.h"
#include "report/html.h"

namespace albert::report {

namespace {

constexpr std::size_t kMaxPoints = 1000;
constexpr std::size_t kMaxRows = 14;   // of a table, twice
constexpr std::size_t kMaxMarks = 60;  // dots of a line, beyond which they run into one another
constexpr int kMaxTicks = 6;
constexpr double kManyTimes = 20;

LineChart with_numbers_only(LineChart chart) {
  for (Line& line : chart.lines)
    std::erase_if(line.points, [](const Point& p) { return !std::isfinite(p.x) || !std::isfinite(p.y); });
  std::erase_if(chart.lines, [](const Line& line) { return line.points.empty(); });
  return chart;
}

struct Extent {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

Extent extent_of(const LineChart& chart, double Point::*coordinate,
                 const std::optional<std::pair<double, double>>& range) {
  Extent extent;
  if (range) extent = {range->first, range->second};
  for (const Line& line : chart.lines) {
    for (const Point& point : line.points) extent.add(point.*coordinate);
  }
  return extent;
}

Scale y_scale_of(const LineChart& chart) {
  const Extent extent = extent_of(chart, &Point::y, chart.y_range);
  if (chart.may_be_logarithmic && extent.low > 0 && extent.high > kManyTimes * extent.low)
    return Scale::logarithmic(extent.low, extent.high, kMaxTicks);
  return Scale::linear(extent.low, extent.high, kMaxTicks, /*reaches_ticks=*/true, chart.unit);
}

Frame frame_of(const LineChart& chart) {
  const Extent x = extent_of(chart, &Point::x, chart.x_range);
  Scale y = y_scale_of(chart);
  const std::string y_name = y.is_logarithmic() ? "logarithmic" : "";
  return {Scale::linear(x.low, x.high, kMaxTicks, /*reaches_ticks=*/false), std::move(y), chart.x_name, y_name};
}

std::string style_of(const Line& line) {
  return fmt::format("line c{}{}", line.colour % kNumColours, line.is_dashed ? " dashed" : "");
}

std::string draw(const Line& line, const Frame& frame) {
  const std::vector<Point> points = thinned(line.points, kMaxPoints);
  std::string path, dots, before;
  for (const Point& point : points) {
    const std::string x = place(frame.x(point.x)), y = place(frame.y(point.y));
    if (line.is_stepped && !path.empty() && y != before) path += fmt::format("L{} {}", x, before);
    path += fmt::format("{}{} {}", path.empty() ? "M" : "L", x, y);
    dots += fmt::format("M{} {}h0", x, y);
    before = y;
  }
  std::string svg =
      fmt::format(R"(<path class="{}" data-name="{}" d="{}"/>)", style_of(line), escaped(line.name), path);
  const bool has_dots = (line.has_marks && points.size() <= kMaxMarks) || points.size() == 1;
  if (has_dots) svg += fmt::format(R"(<path class="dots c{}" d="{}"/>)", line.colour % kNumColours, dots);
  return svg + "\n";
}

std::string legend_of(const LineChart& chart) {
  std::string html = "<ul class=\"legend\">\n";
  for (const Line& line : chart.lines) {
    html += fmt::format(R"(<li><svg class="key" viewBox="0 0 26 8" aria-hidden="true"><path class="{}" d="M1 )"
                        "4H25\"/></svg>{}</li>\n",
                        style_of(line), escaped(line.name));
  }
  return html + "</ul>\n";
}

/// "loss: from 9.1 at 10 to 4.2 at 2,000; lowest 4.1 at 1,990, highest 9.1 at 10".
std::string in_words(const Line& line) {
  const auto at = [](const Point& p) { return fmt::format("{} at {}", short_number(p.y), short_number(p.x)); };
  if (line.points.size() == 1) return fmt::format("{}: {}", line.name, at(line.points.front()));
  const auto [lowest, highest] = std::ranges::minmax_element(line.points, {}, &Point::y);
  return fmt::format("{}: from {} to {}; lowest {}, highest {}", line.name, at(line.points.front()),
                     at(line.points.back()), at(*lowest), at(*highest));
}

std::string in_words(const LineChart& chart) {
  std::string text = fmt::format("{}, by {}.", chart.title, chart.x_name);
  for (const Line& line : chart.lines) text += fmt::format(" {}.", in_words(line));
  return text;
}

/// Some of the numbers, evenly chosen.
void add_some(const std::vector<double>& numbers, std::set<double>& chosen) {
  const std::size_t stride = std::max<std::size_t>(1, (numbers.size() + kMaxRows - 1) / kMaxRows);
  for (std::size_t i = 0; i < numbers.size(); i += stride) chosen.insert(numbers[i]);
}

/// Some x at which most lines have a point, and some of all, the first and the last among them.
std::set<double> rows_of(const LineChart& chart) {
  std::map<double, std::size_t> count;
  for (const Line& line : chart.lines) {
    for (const Point& point : line.points) ++count[point.x];
  }
  const std::size_t most = std::ranges::max_element(count, {}, [](const auto& entry) { return entry.second; })->second;
  std::vector<double> all, full;
  for (const auto& [x, lines] : count) {
    all.push_back(x);
    if (lines == most) full.push_back(x);
  }
  std::set<double> rows = {all.front(), all.back()};
  add_some(all, rows);
  add_some(full, rows);
  return rows;
}

std::string table_of(const LineChart& chart) {
  Table table(chart.title);
  table.add_column(chart.x_name, Table::Column::kNumber);
  for (const Line& line : chart.lines) table.add_column(line.name, Table::Column::kNumber);
  for (const double x : rows_of(chart)) {
    std::vector<std::string> cells = {short_number(x)};
    for (const Line& line : chart.lines) {
      const auto point = std::ranges::find(line.points, x, &Point::x);
      cells.push_back(point == line.points.end() ? "" : figure(point->y));
    }
    table.add_row(std::move(cells));
  }
  return table.to_html();
}

}  // namespace

std::string to_html(const LineChart& chart) {
  const LineChart shown = with_numbers_only(chart);
  if (shown.lines.empty()) return "";
  const Frame frame = frame_of(shown);
  std::string content = shown.has_diagonal ? frame.diagonal() : "";
  for (const Line& line : shown.lines) content += draw(line, frame);
  return figure_html({.title = shown.title,
                      .svg = frame.to_svg(in_words(shown), content),
                      .legend = legend_of(shown),
                      .note = shown.note,
                      .table = table_of(shown)});
}

}  // namespace albert::report
