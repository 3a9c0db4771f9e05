#include "report/run_section.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "base/counted.h"
#include "base/progress.h"
#include "base/shown.h"
#include "metrics/figures.h"
#include "report/html.h"
#include "report/run_charts.h"
#include "train/run_list.h"

namespace albert::report {

namespace {

constexpr std::size_t kMaxSettingCharacters = 120;

std::string table_of_runs(const std::vector<RunData>& runs) {
  Table table("The runs");
  table.add_column("run").add_column("kind").add_column("state").add_column("updates", Table::Column::kNumber);
  table.add_column("best").add_column("last written").add_column("size", Table::Column::kNumber);
  for (const RunData& run : runs) {
    const train::RunSummary& summary = run.summary;
    const bool has_failed = summary.state == train::RunState::kFailed;
    table.add_row(
        {escaped(run.name), escaped(train::describe_kind(summary)),
         fmt::format("<span{}>{}</span>", has_failed ? R"( class="bad")" : "", train::to_string(summary.state)),
         escaped(train::describe_step(summary)), escaped(train::describe_best(summary)),
         escaped(train::describe_change(summary)), format_bytes(summary.size_bytes)});
  }
  return table.to_html();
}

std::string problems_of(const std::vector<RunData>& runs) {
  std::string items;
  const auto add = [&](const RunData& run, std::string_view what, const std::string& text) {
    items += fmt::format("<li>{}: {}{}</li>\n", escaped(run.name), what, escaped_passage(text));
  };
  for (const RunData& run : runs) {
    if (!run.summary.failure.empty()) add(run, "failed: ", run.summary.failure);
    for (const std::string& problem : run.summary.problems) add(run, "", problem);
  }
  return items.empty() ? "" : fmt::format("<ul class=\"bad\">\n{}</ul>\n", items);
}

/// Whether the best of a figure says something: where others are of held-out examples, that of single updates does not.
bool has_best(const RunData& run, const std::string& name) {
  return name.starts_with("held_out_") || run.find("held_out_" + name) == nullptr;
}

/// Whether a figure says how good a run is, or only how it went.
bool says_how_good(std::string_view name) {
  if (name.ends_with("_threshold") || name.find("constant_guess") != std::string_view::npos) return false;
  return name.starts_with("held_out_") || name.ends_with("loss") || name.ends_with("accuracy");
}

std::vector<std::string> names_of_results(const std::vector<RunData>& runs) {
  std::vector<std::string> names;
  for (const RunData& run : runs) {
    for (const FigureLine& line : run.figures) {
      if (says_how_good(line.name) && std::ranges::find(names, line.name) == names.end()) names.push_back(line.name);
    }
  }
  return names;
}

/// "0.8413 at 500".
std::string shown_point(const Point& point) {
  return fmt::format(R"({} <span class="soft">at {}</span>)", figure(point.y), short_number(point.x));
}

std::string table_of_results(const std::vector<RunData>& runs) {
  Table table("Last and best figures, with the update that they are of");
  table.add_column("figure");
  for (const RunData& run : runs) {
    const std::string name = runs.size() == 1 ? "" : run.name + ": ";
    table.add_column(name + "last", Table::Column::kNumber).add_column(name + "best", Table::Column::kNumber);
  }
  for (const std::string& name : names_of_results(runs)) {
    std::vector<std::string> cells = {fmt::format("<code>{}</code>", escaped(name))};
    for (const RunData& run : runs) {
      const FigureLine* const line = run.find(name);
      if (line == nullptr) {
        cells.insert(cells.end(), 2, "");
        continue;
      }
      const auto [lowest, highest] = std::ranges::minmax_element(line->points, {}, &Point::y);
      cells.push_back(shown_point(line->points.back()));
      cells.push_back(!has_best(run, name) ? "" : shown_point(metrics::is_better_smaller(name) ? *lowest : *highest));
    }
    table.add_row(std::move(cells));
  }
  return table.num_rows() == 0 ? "" : table.to_html();
}

/// All that a run was told.
std::string all_settings(const RunData& run) {
  if (run.settings.empty()) return "";
  const std::string title = "Every setting of " + run.name;
  Table table(title);
  table.add_column("setting").add_column("value");
  for (const auto& [key, value] : run.settings)
    table.add_row({fmt::format("<code>{}</code>", escaped(key)), escaped_passage(value)});
  return folded(title, table.to_html());
}

std::string settings_of(const std::vector<RunData>& runs) {
  return runs.size() == 1 ? all_settings(runs.front()) : settings_table(runs);
}

/// "Fine-tuning: 2 runs".
std::string title_of(const std::vector<RunData>& runs) {
  const std::string& command = runs.front().summary.command;
  const std::string_view what = command == "pretrain"   ? "Pretraining: "
                                : command == "finetune" ? "Fine-tuning: "
                                                        : "Of unknown kind: ";
  return fmt::format("{}{}", what, counted(runs.size(), "run"));
}

Section section_of(const std::vector<RunData>& runs) {
  std::string html = table_of_runs(runs) + problems_of(runs) + run_charts(runs);
  if (const std::string results = table_of_results(runs); !results.empty()) html += "<h3>Figures</h3>\n" + results;
  if (const std::string settings = settings_of(runs); !settings.empty()) html += "<h3>Settings</h3>\n" + settings;
  const std::string& command = runs.front().summary.command;
  return {"runs-" + (command.empty() ? "unknown" : command), title_of(runs), std::move(html)};
}

}  // namespace

std::string settings_table(const std::vector<RunData>& runs) {
  std::vector<std::string> keys;
  for (const RunData& run : runs) {
    for (const auto& [key, value] : run.settings) {
      if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
    }
  }
  Table table("Settings that differ");
  table.add_column("setting");
  for (const RunData& run : runs) table.add_column(run.name);
  for (const std::string& key : keys) {
    std::vector<std::string> cells = {fmt::format("<code>{}</code>", escaped(key))};
    std::set<std::string> values;
    for (const RunData& run : runs) {
      const std::string value = run.setting(key);
      values.insert(value);
      cells.push_back(escaped_passage(beginning(value, kMaxSettingCharacters)));
    }
    if (values.size() > 1) table.add_row(std::move(cells));
  }
  return table.num_rows() == 0 ? "" : table.to_html();
}

std::vector<Section> run_sections(const std::vector<RunData>& runs) {
  std::vector<std::string> commands;
  for (const RunData& run : runs) {
    if (std::ranges::find(commands, run.summary.command) == commands.end()) commands.push_back(run.summary.command);
  }
  std::vector<Section> sections;
  for (const std::string& command : commands) {
    std::vector<RunData> alike;
    std::ranges::copy_if(runs, std::back_inserter(alike),
                         [&](const RunData& run) { return run.summary.command == command; });
    sections.push_back(section_of(alike));
  }
  return sections;
}

}  // namespace albert::report
