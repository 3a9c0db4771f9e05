#pragma once

#include <string>
#include <string_view>

#include "report/scale.h"

/// What all charts have in common.
namespace albert::report {

/// The size of a chart in its own units: a page scales it to its width.
inline constexpr double kChartWidth = 420;
inline constexpr double kChartHeight = 240;

/// Two axes: where numbers are drawn, and the marks and names around.
class Frame {
 public:
  /// \param x_name, y_name plain text; of an empty one nothing is written
  Frame(Scale x, Scale y, std::string x_name, std::string y_name);

  double x(double value) const;
  double y(double value) const;
  const Scale& x_scale() const { return x_scale_; }
  const Scale& y_scale() const { return y_scale_; }
  double bottom() const;

  /// The SVG of a chart: the grid, then the content.
  /// \param description what the chart shows, in words: plain text
  std::string to_svg(std::string_view description, std::string_view content) const;
  /// A mark of the x axis, for charts whose x are no numbers.
  std::string x_mark(double x, std::string_view label) const;
  /// The line where x = y.
  std::string diagonal() const;

 private:
  std::string grid() const;
  std::string data_attributes() const;

  Scale x_scale_;
  Scale y_scale_;
  std::string x_name_;
  std::string y_name_;
  double left_;
};

/// The parts of a figure, HTML but for the title and the note.
struct FigureParts {
  std::string title;
  std::string svg;
  std::string legend;
  std::string note;
  std::string table;
};
std::string figure_html(const FigureParts& parts);

/// A place in a chart with a tenth of a unit, which is finer than anyone sees.
std::string place(double value);

}  // namespace albert::report
