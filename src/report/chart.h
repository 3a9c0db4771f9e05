#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "report/scale.h"
#include "report/thinning.h"

/// Charts as HTML: a figure with an SVG that says in words what it shows, a legend, and its data as a table.
namespace albert::report {

/// The colours of page.css that tell lines apart; further lines begin with the first one again.
inline constexpr std::size_t kNumColours = 8;

/// One of the lines of a chart.
struct Line {
  std::string name;
  std::vector<Point> points;  ///< in the order of their x; those that are no numbers are left out
  std::size_t colour = 0;
  bool is_dashed = false;
  bool has_marks = false;   ///< a dot at every point
  bool is_stepped = false;  ///< a value stays until the next one
};

struct LineChart {
  std::string title;
  std::string x_name;
  Unit unit = Unit::kNumber;  ///< of the y
  std::vector<Line> lines;
  /// Takes a logarithmic axis where the values are above 0 and the largest is many times the smallest.
  bool may_be_logarithmic = false;
  std::optional<std::pair<double, double>> y_range = {};  ///< that is shown whatever the values are
  std::optional<std::pair<double, double>> x_range = {};
  bool has_diagonal = false;  ///< where x = y
  std::string note = {};      ///< below the chart: plain text
};

/// How often things of some classes occur.
struct BarChart {
  struct Bar {
    std::string name;
    double value = 0;
    std::string mark = {};  ///< below the bar, where there is room for some; empty: the name
  };

  std::string title;
  std::string x_name;  ///< what the classes are of
  std::string y_name;  ///< what is counted
  std::vector<Bar> bars;
  std::string note = {};
};

struct ScatterChart {
  std::string title;
  std::string x_name;
  std::string y_name;
  std::vector<Point> points;
  bool has_diagonal = false;
  std::string note = {};
};

std::string to_html(const LineChart& chart);
std::string to_html(const BarChart& chart);
std::string to_html(const ScatterChart& chart);

}  // namespace albert::report
