#include "report/run_charts.h"

#include <algorithm>
#include <array>
#include <utility>

#include <spdlog/fmt/fmt.h>

#include "metrics/figures.h"
#include "report/html.h"

namespace albert::report {

namespace {

constexpr std::string_view kHeldOut = "held_out_";
constexpr std::string_view kConstantGuess = "constant_guess_";

/// What a figure is, by its name.
struct Known {
  std::string_view name;
  std::string_view title;
};
constexpr std::array kKnown = {Known{"mlm_loss", "Loss of masked words"},
                               Known{"mlm_accuracy", "Masked words rightly guessed"},
                               Known{"sop_loss", "Loss of the order of sentences"},
                               Known{"sop_accuracy", "Order of sentences rightly told"},
                               Known{"layers", "Depth in layers"},
                               Known{"sequence_length", "Length of sequences in tokens"},
                               Known{"batch_size", "Sequences per update"},
                               Known{"masking_rate", "Share of the tokens that are masked"},
                               Known{"gradient_norm", "Norm of the gradient before clipping"},
                               Known{"tokens_per_second", "Throughput in tokens per second"},
                               Known{"data_wait_fraction", "Share of the time spent waiting for data"},
                               Known{"rank_wait_fraction", "Share of the time spent waiting for other ranks"},
                               Known{"rank_imbalance", "Tokens of the fullest rank above the mean"}};

constexpr std::array<std::string_view, 5> kSchedules = {"learning_rate", "layers", "sequence_length", "batch_size",
                                                        "masking_rate"};
constexpr std::array<std::string_view, 5> kCourse = {"gradient_norm", "tokens_per_second", "data_wait_fraction",
                                                     "rank_wait_fraction", "rank_imbalance"};

bool is_among(std::string_view name, const auto& names) {
  return std::ranges::find(names, name) != names.end();
}

/// Figures that are shares of 1 by their nature.
bool is_share_of_one(std::string_view name) {
  return name.ends_with("accuracy") || name.ends_with("_fraction") || name == "masking_rate" ||
         name == "rank_imbalance";
}

/// What is a whole number, and jumps from one to the next.
bool is_stepped(std::string_view name) {
  return name == "layers" || name == "sequence_length" || name == "batch_size";
}

/// The name of the chart that a figure belongs into.
std::string_view chart_of(std::string_view name) {
  if (name.starts_with(kHeldOut)) name.remove_prefix(kHeldOut.size());
  if (name.starts_with(kConstantGuess)) name.remove_prefix(kConstantGuess.size());
  return name;
}

/// All charts, in the order in which their figures first come.
std::vector<std::string> charts_of(const std::vector<RunData>& runs) {
  std::vector<std::string> names;
  for (const RunData& run : runs) {
    for (const FigureLine& figure : run.figures) {
      const std::string name(chart_of(figure.name));
      if (name != "epoch" && !is_among(name, names)) names.push_back(name);
    }
  }
  return names;
}

std::string name_of_line(const RunData& run, std::string_view what, bool is_alone) {
  return is_alone ? std::string(what) : fmt::format("{}, {}", run.name, what);
}

void add_lines(const RunData& run, std::size_t colour, bool is_alone, const std::string& name, LineChart& chart) {
  const FigureLine* const trained = run.find(name);
  const FigureLine* const held_out = run.find(fmt::format("{}{}", kHeldOut, name));
  const FigureLine* const guess = run.find(fmt::format("{}{}{}", kHeldOut, kConstantGuess, name));
  if (trained) {
    const bool has_both = held_out != nullptr;
    const std::string line = has_both || is_alone ? name_of_line(run, "training", is_alone) : run.name;
    chart.lines.push_back({line, trained->points, colour});
  }
  if (held_out) {
    chart.lines.push_back({name_of_line(run, "held out", is_alone), held_out->points, is_alone ? colour + 1 : colour,
                           /*is_dashed=*/true, /*has_marks=*/true});
  }
  if (guess && is_alone)
    chart.lines.push_back({"always the most frequent word", guess->points, colour + 6, /*is_dashed=*/true});
}

LineChart chart_named(const std::vector<RunData>& runs, const std::string& name) {
  LineChart chart{.title = figure_title(name), .x_name = "updates", .lines = {}};
  chart.unit = is_share_of_one(name) ? Unit::kShare : is_stepped(name) ? Unit::kWhole : Unit::kNumber;
  chart.may_be_logarithmic = name == "gradient_norm" || metrics::is_better_smaller(name);
  chart.x_range = {0, 0};
  for (std::size_t i = 0; i < runs.size(); ++i) add_lines(runs[i], i, runs.size() == 1, name, chart);
  for (Line& line : chart.lines) line.is_stepped = is_stepped(name);
  return chart;
}

/// The value that all points of a chart have, if it is one.
std::optional<double> only_value(const LineChart& chart) {
  std::optional<double> value;
  for (const Line& line : chart.lines) {
    for (const Point& point : line.points) {
      if (value && *value != point.y) return std::nullopt;
      value = point.y;
    }
  }
  return value;
}

/// A heading and the charts below it; what stayed as it was all the time is told in words.
std::string part(const std::vector<RunData>& runs, std::string_view title, const std::vector<std::string>& names) {
  std::string charts, constant;
  for (const std::string& name : names) {
    const LineChart chart = chart_named(runs, name);
    const auto value = only_value(chart);
    if (value && is_among(name, kSchedules)) {
      constant += fmt::format("{}{} <code>{}</code>", constant.empty() ? "" : ", ", figure(*value), escaped(name));
    } else {
      charts += to_html(chart);
    }
  }
  if (charts.empty() && constant.empty()) return "";
  std::string html = fmt::format("<h3>{}</h3>\n", escaped(title));
  if (!charts.empty()) html += fmt::format("<div class=\"charts\">\n{}</div>\n", charts);
  if (!constant.empty()) html += fmt::format("<p class=\"note\">The same in every update: {}.</p>\n", constant);
  return html;
}

}  // namespace

std::string figure_title(std::string_view name) {
  const auto found = std::ranges::find(kKnown, name, &Known::name);
  if (found != kKnown.end()) return fmt::format("{} ({})", found->title, name);
  std::string title(name);
  std::ranges::replace(title, '_', ' ');
  if (!title.empty() && title[0] >= 'a' && title[0] <= 'z') title[0] = static_cast<char>(title[0] - 'a' + 'A');
  return title;
}

std::string run_charts(const std::vector<RunData>& runs) {
  std::vector<std::string> learnt, schedules, course;
  for (const std::string& name : charts_of(runs))
    (is_among(name, kSchedules) ? schedules : is_among(name, kCourse) ? course : learnt).push_back(name);
  return part(runs, "What was learnt", learnt) + part(runs, "Schedule", schedules) +
         part(runs, "Course of the training", course);
}

}  // namespace albert::report
