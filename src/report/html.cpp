#include "report/html.h"

#include <algorithm>
#include <cmath>

#include "base/counted.h"
#include "base/error.h"
#include "base/shown.h"

namespace albert::report {

namespace {

std::string with_entities(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace

std::string escaped(std::string_view text) {
  return with_entities(printable(text));
}

std::string escaped_passage(std::string_view text) {
  std::string line(text);
  std::ranges::replace_if(
      line, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return escaped(line);
}

std::string short_number(double value) {
  constexpr double kLargestExact = 1e6;
  const double size = std::abs(value);
  if (!std::isfinite(value)) return "not a number";
  if (size < kLargestExact && value == std::floor(value)) {
    const auto whole = static_cast<std::uint64_t>(size);
    return (value < 0 ? "-" : "") + grouped(whole);
  }
  if (size >= 100 && size < kLargestExact) return fmt::format("{:.1f}", value);
  if (size >= 1 && size < 100) return fmt::format("{:.4g}", value);
  return size >= 0.001 && size < 1 ? fmt::format("{:.4f}", value) : fmt::format("{:.3g}", value);
}

std::string figure(double value) {
  return fmt::format(R"(<data value="{}">{}</data>)", value, short_number(value));
}

Table& Table::add_column(std::string_view name, Column kind) {
  names_.push_back(escaped(name));
  kinds_.push_back(kind);
  return *this;
}

void Table::add_row(std::vector<std::string> cells) {
  if (cells.size() != names_.size())
    throw InternalError("a row of {} cells in a table of {} columns", cells.size(), names_.size());
  rows_.push_back(std::move(cells));
}

std::string Table::row_to_html(const std::vector<std::string>& cells) const {
  std::string html = "<tr>";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const char* const kind = kinds_[i] == Column::kNumber ? R"( class="n")" : "";
    html += i == 0 ? fmt::format(R"(<th scope="row"{}>{}</th>)", kind, cells[i])
                   : fmt::format("<td{}>{}</td>", kind, cells[i]);
  }
  return html + "</tr>\n";
}

std::string Table::to_html() const {
  const std::string caption = escaped(caption_);
  std::string html = fmt::format(
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\">\n"
      "<table><caption>{0}</caption>\n<thead><tr>",
      caption);
  for (std::size_t i = 0; i < names_.size(); ++i) {
    html += fmt::format(R"(<th scope="col"{}>{}</th>)", kinds_[i] == Column::kNumber ? R"( class="n")" : "", names_[i]);
  }
  html += "</tr></thead>\n<tbody>\n";
  for (const auto& row : rows_) html += row_to_html(row);
  return html + "</tbody></table></div>\n";
}

std::string folded(std::string_view summary, const std::string& html) {
  return fmt::format("<details><summary>{}</summary>\n{}</details>\n", escaped(summary), html);
}

}  // namespace albert::report
