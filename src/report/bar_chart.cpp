#include <algorithm>
#include <cmath>

#include <spdlog/fmt/fmt.h>

#include "report/chart.h"
#include "report/frame.h"
#include "report/html.h"

namespace albert::report {

namespace {

constexpr std::size_t kMaxNamedBars = 9;
constexpr double kShareOfBar = 0.86;  // of its place: the rest is a gap

std::string draw_bars(const BarChart& chart, const Frame& frame) {
  std::string svg;
  const std::size_t stretch = (chart.bars.size() + kMaxNamedBars - 1) / kMaxNamedBars;
  for (std::size_t i = 0; i < chart.bars.size(); ++i) {
    const auto number = static_cast<double>(i);
    const double width = frame.x(number + kShareOfBar) - frame.x(number);
    const double top = frame.y(chart.bars[i].value);
    svg += fmt::format(R"(<rect class="bar" x="{}" y="{}" width="{}" height="{}" data-name="{}: {}"/>)",
                       place(frame.x(number)), place(top), place(width), place(frame.bottom() - top),
                       escaped(chart.bars[i].name), short_number(chart.bars[i].value));
    if (i % stretch == 0) {
      const std::string& mark = chart.bars[i].mark.empty() ? chart.bars[i].name : chart.bars[i].mark;
      svg += frame.x_mark(frame.x(number) + width / 2, mark);
    }
    svg += '\n';
  }
  return svg;
}

std::string bars_in_words(const BarChart& chart) {
  const auto highest = std::ranges::max_element(chart.bars, {}, &BarChart::Bar::value);
  return fmt::format("{}: {} bars, from {} to {}; the highest is {} with {}.", chart.title, chart.bars.size(),
                     chart.bars.front().name, chart.bars.back().name, highest->name, short_number(highest->value));
}

std::string table_of_bars(const BarChart& chart) {
  Table table(chart.title);
  table.add_column(chart.x_name).add_column(chart.y_name, Table::Column::kNumber);
  for (const BarChart::Bar& bar : chart.bars) table.add_row({escaped(bar.name), figure(bar.value)});
  return table.to_html();
}

}  // namespace

std::string to_html(const BarChart& chart) {
  constexpr int kTicks = 5;
  if (chart.bars.empty()) return "";
  const double highest = std::ranges::max(chart.bars, {}, &BarChart::Bar::value).value;
  // The classes are no numbers: they have marks of their own.
  Scale x = Scale::linear(0, static_cast<double>(chart.bars.size()), 1, /*reaches_ticks=*/false).without_ticks();
  const Frame frame(std::move(x), Scale::linear(0, highest, kTicks, /*reaches_ticks=*/true), chart.x_name,
                    chart.y_name);
  return figure_html(
      {.title = chart.title,
       .svg = frame.to_svg(bars_in_words(chart), fmt::format(R"(<g class="grid">{}</g>)", draw_bars(chart, frame))),
       .legend = "",
       .note = chart.note,
       .table = table_of_bars(chart)});
}

}  // namespace albert::report
