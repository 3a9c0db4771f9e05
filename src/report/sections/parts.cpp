#include "report/sections/parts.h"

#include <algorithm>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "base/counted.h"
#include "base/json.h"
#include "report/chart.h"
#include "report/html.h"

namespace albert::report {

namespace {

constexpr std::size_t kMaxTextCharacters = 1200;

std::string cell_of(const nlohmann::ordered_json& value) {
  if (value.is_number_integer()) return grouped(value.get<std::int64_t>());
  if (value.is_number()) return figure(value.get<double>());
  return value.is_string() ? escaped(value.get<std::string>()) : escaped(short_json(value));
}

/// A list of objects as a table; empty for anything else.
std::string table_of_list(std::string_view name, const nlohmann::ordered_json& list) {
  if (!list.is_array() || list.empty() || !list.front().is_object()) return "";
  Table table("Figures of the " + std::string(name));
  for (const auto& [key, value] : list.front().items())
    table.add_column(key, value.is_number() ? Table::Column::kNumber : Table::Column::kText);
  for (const auto& object : list) {
    std::vector<std::string> cells;
    for (const auto& [key, value] : object.items()) cells.push_back(cell_of(value));
    table.add_row(std::move(cells));
  }
  return table.to_html();
}

/// A text of which a beginning is shown, if it is long.
std::string beginning(std::string_view text) {
  return escaped_passage(albert::beginning(text, kMaxTextCharacters));
}

}  // namespace

std::string figures_table(const metrics::Report& judgement) {
  Table table("Figures");
  table.add_column("figure").add_column("value", Table::Column::kNumber);
  const auto name_cell = [](const std::string& name) { return fmt::format("<code>{}</code>", escaped(name)); };
  for (const auto& [name, value] : judgement.figures) table.add_row({name_cell(name), figure(value)});
  std::string html = table.to_html();
  for (const auto& [name, reason] : judgement.undefined)
    html += fmt::format("<p>{} has no value: {}</p>\n", name_cell(name), escaped_passage(reason));
  return html;
}

std::string detail_tables(const metrics::Report& judgement) {
  if (judgement.json.empty()) return "";
  std::string html;
  const nlohmann::ordered_json details = read_ordered_json(judgement.json);
  for (const auto& [name, value] : details.items()) html += table_of_list(name, value);
  return html;
}

std::string calibration_chart(const EvaluationView& view) {
  const metrics::Calibration calibration = view.file.data->calibration(view.opened.task->definition());
  const auto error = calibration.expected_error();
  if (!error) return "";
  LineChart chart{.title = "Calibration: how often answers are right, by how sure the model is",
                  .x_name = "mean probability of the answers",
                  .unit = Unit::kShare,
                  .lines = {},
                  .y_range = std::pair(0.0, 1.0),
                  .x_range = std::pair(0.0, 1.0),
                  .has_diagonal = true};
  Line line{.name = "share that is right", .points = {}, .has_marks = true};
  for (const auto& bin : calibration.bins()) {
    if (bin.accuracy.count > 0) line.points.push_back({*bin.confidence.value(), *bin.accuracy.value()});
  }
  chart.lines.push_back(std::move(line));
  chart.note = fmt::format(
      "Expected calibration error {}, over {} classes of equal width. On the dotted line a probability is what it "
      "says.",
      short_number(*error), metrics::Calibration::kNumBins);
  return to_html(chart);
}

std::string threshold_chart(std::span<const metrics::ScoredGuess> guesses, std::size_t num_to_find,
                            std::string_view of_what) {
  if (guesses.empty() || num_to_find == 0) return "";
  LineChart chart{.title = fmt::format("Precision and recall of {}, by threshold", of_what),
                  .x_name = "least probability of what is said",
                  .unit = Unit::kShare,
                  .lines = {},
                  .y_range = std::pair(0.0, 1.0),
                  .x_range = std::pair(0.0, 1.0)};
  Line precision{.name = "precision", .points = {}, .colour = 0};
  Line recall{.name = "recall", .points = {}, .colour = 1, .is_dashed = true};
  for (const metrics::ThresholdPoint& point : metrics::threshold_curve(guesses, num_to_find)) {
    if (point.precision) precision.points.push_back({point.threshold, *point.precision});
    recall.points.push_back({point.threshold, point.recall});
  }
  chart.lines = {std::move(precision), std::move(recall)};
  return to_html(chart);
}

std::string shown(const tasks::ShownText& text) {
  std::string html;
  std::size_t taken = 0;
  for (const auto& [begin, end, name] : text.marks) {
    html += escaped_passage(std::string_view(text.text).substr(taken, begin - taken));
    html += fmt::format("<mark>{}<sub>{}</sub></mark>",
                        escaped_passage(std::string_view(text.text).substr(begin, end - begin)), escaped(name));
    taken = end;
  }
  return html + beginning(std::string_view(text.text).substr(taken));
}

std::string shown(const std::vector<tasks::ShownText>& texts) {
  std::string html;
  for (const tasks::ShownText& text : texts) html += fmt::format("<p>{}</p>\n", shown(text));
  return html;
}

std::string share_with_bar(double share) {
  return fmt::format(R"(<span class="share" style="--v:{:.4f}"></span><data value="{}">{:.1f}%</data>)", share, share,
                     100 * share);
}

std::string shown_place(const tasks::Place& place) {
  const std::string name = std::filesystem::path(place.file).filename().string();
  return fmt::format("<p class=\"place\">{}</p>\n",
                     escaped(place.line > 0 ? fmt::format("{}:{}", name, place.line) : name));
}

std::string case_html(bool is_right, const std::string& html) {
  return fmt::format("<li class=\"case{}\">\n{}</li>\n", is_right ? " right" : "", html);
}

std::string case_list(std::string_view title, std::string_view note, const std::vector<std::string>& cases) {
  if (cases.empty()) return "";
  std::string html =
      fmt::format("<h4>{}</h4>\n<p class=\"note\">{}</p>\n<ol class=\"cases\">\n", escaped(title), escaped(note));
  for (const std::string& one : cases) html += one;
  return html + "</ol>\n";
}

std::vector<std::size_t> ranked(std::size_t count, std::size_t limit, const std::function<bool(std::size_t)>& is_kept,
                                const std::function<double(std::size_t)>& rank) {
  std::vector<std::pair<double, std::size_t>> kept;
  for (std::size_t i = 0; i < count; ++i) {
    if (is_kept(i)) kept.emplace_back(-rank(i), i);
  }
  std::ranges::sort(kept);
  if (kept.size() > limit) kept.resize(limit);
  std::vector<std::size_t> numbers;
  for (const auto& [ignored, number] : kept) numbers.push_back(number);
  return numbers;
}

}  // namespace albert::report
