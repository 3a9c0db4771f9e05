#include "report/frame.h"

#include <algorithm>
#include <utility>

#include <spdlog/fmt/fmt.h>

#include "report/html.h"

namespace albert::report {

namespace {

constexpr double kTop = 24;
constexpr double kRight = 14;
constexpr double kBottom = 40;
constexpr double kLetterWidth = 6.6;  // of the marks, in most fonts

double widest_label(const Scale& scale) {
  std::size_t longest = 1;
  for (const double tick : scale.ticks()) longest = std::max(longest, scale.label(tick).size());
  return kLetterWidth * static_cast<double>(longest);
}

}  // namespace

std::string place(double value) {
  std::string text = fmt::format("{:.1f}", value);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text == "-0" ? "0" : text;
}

Frame::Frame(Scale x, Scale y, std::string x_name, std::string y_name)
    : x_scale_(std::move(x)),
      y_scale_(std::move(y)),
      x_name_(std::move(x_name)),
      y_name_(std::move(y_name)),
      left_(12 + widest_label(y_scale_)) {}

double Frame::x(double value) const {
  return left_ + x_scale_.position(value) * (kChartWidth - kRight - left_);
}

double Frame::bottom() const {
  return kChartHeight - kBottom;
}

double Frame::y(double value) const {
  return bottom() - y_scale_.position(value) * (bottom() - kTop);
}

std::string Frame::x_mark(double x, std::string_view label) const {
  const double half = kLetterWidth / 2 * static_cast<double>(label.size());
  return fmt::format(R"(<text x="{}" y="{}" text-anchor="middle">{}</text>)", place(std::min(x, kChartWidth - half)),
                     place(bottom() + 15), escaped(label));
}

std::string Frame::diagonal() const {
  const double low = std::max(x_scale_.low(), y_scale_.low()), high = std::min(x_scale_.high(), y_scale_.high());
  if (high <= low) return "";
  return fmt::format(R"(<path class="diagonal" d="M{} {}L{} {}"/>)", place(x(low)), place(y(low)), place(x(high)),
                     place(y(high)));
}

std::string Frame::grid() const {
  std::string svg = R"(<g class="grid">)";
  for (const double tick : y_scale_.ticks()) {
    svg += fmt::format(R"(<path d="M{} {}H{}"/><text x="{}" y="{}" text-anchor="end">{}</text>)", place(left_),
                       place(y(tick)), place(kChartWidth - kRight), place(left_ - 5), place(y(tick) + 4),
                       escaped(y_scale_.label(tick)));
  }
  for (const double tick : x_scale_.ticks()) {
    svg += fmt::format(R"(<path d="M{} {}v4"/>)", place(x(tick)), place(bottom()));
    svg += x_mark(x(tick), x_scale_.label(tick));
  }
  svg += fmt::format(R"(<path class="axis" d="M{} {}V{}H{}"/>)", place(left_), place(kTop), place(bottom()),
                     place(kChartWidth - kRight));
  if (!y_name_.empty()) svg += fmt::format(R"(<text x="2" y="12">{}</text>)", escaped(y_name_));
  if (!x_name_.empty()) {
    svg += fmt::format(R"(<text x="{}" y="{}" text-anchor="end">{}</text>)", place(kChartWidth - kRight),
                       place(kChartHeight - 6), escaped(x_name_));
  }
  return svg + "</g>";
}

/// By which page.js finds the numbers of a place.
std::string Frame::data_attributes() const {
  const auto axis = [](const Scale& scale, double begin, double end) {
    return fmt::format("{} {} {} {} {}", place(begin), place(end), scale.low(), scale.high(),
                       scale.is_logarithmic() ? 1 : 0);
  };
  return fmt::format(R"(data-x="{}" data-y="{}")", axis(x_scale_, left_, kChartWidth - kRight),
                     axis(y_scale_, bottom(), kTop));
}

std::string Frame::to_svg(std::string_view description, std::string_view content) const {
  const std::string words = escaped(description);
  return fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\" {}><title>{}</title>\n{}\n{}</svg>\n",
                     kChartWidth, kChartHeight, words, data_attributes(), words, grid(), content);
}

std::string figure_html(const FigureParts& parts) {
  std::string html =
      fmt::format("<figure>\n<figcaption>{}</figcaption>\n{}{}", escaped(parts.title), parts.svg, parts.legend);
  if (!parts.note.empty()) html += fmt::format("<p class=\"note\">{}</p>\n", escaped(parts.note));
  return html + folded("Data of this chart", parts.table) + "</figure>\n";
}

}  // namespace albert::report
