#include "report/run_data.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/shown.h"
#include "config/node.h"
#include "train/resume_check.h"
#include "train/run.h"

namespace albert::report {

namespace {

/// Beyond it a run has diverged, and the distance of two figures may be no number.
constexpr double kLargest = 1e100;

/// Adds the numbers of a record to the lines of its figures.
void add_record(const nlohmann::ordered_json& record, std::map<std::string, std::size_t>& places,
                std::vector<FigureLine>& figures) {
  const auto step = static_cast<double>(json_value<std::int64_t>(json_member(record, "step"), "step"));
  for (const auto& [name, value] : record.items()) {
    if (name == "step" || !value.is_number()) continue;  // what is no number (NaN) is null
    const double figure = value.get<double>();
    if (!(std::abs(figure) <= kLargest)) continue;
    const auto [place, is_new] = places.try_emplace(name, figures.size());
    if (is_new) figures.push_back({name, {}});
    figures[place->second].points.push_back({step, figure});
  }
}

std::vector<std::pair<std::string, std::string>> read_settings(const fs::path& file) {
  if (!fs::exists(file)) return {};
  const auto values = train::setting_values(config::parse_file(file));
  return {values.begin(), values.end()};
}

RunData read_run(const fs::path& folder, std::string name) {
  RunData run{.name = std::move(name), .summary = train::summarize_run(folder), .figures = {}, .settings = {}};
  const auto attempt = [&](auto&& action) {
    try {
      action();
    } catch (const Error& error) {
      std::vector<std::string>& problems = run.summary.problems;
      if (std::ranges::find(problems, error.what()) == problems.end()) problems.emplace_back(error.what());
    }
  };
  attempt([&] { run.settings = read_settings(folder / train::kRunConfigFile); });
  attempt([&] {
    if (fs::exists(folder / train::kMetricsFile)) run.figures = read_figures(folder / train::kMetricsFile);
  });
  return run;
}

/// The folders of a path from its end on.
std::vector<std::string> parts_of(const fs::path& path) {
  const fs::path whole = fs::absolute(path).lexically_normal();
  std::vector<std::string> parts;
  for (const fs::path& part : whole) {
    if (!part.empty() && part != "/") parts.insert(parts.begin(), part.string());
  }
  return parts;
}

std::string joined_end(const std::vector<std::string>& parts, std::size_t count) {
  std::string name;
  for (std::size_t i = std::min(count, parts.size()); i-- > 0;) name += parts[i] + (i > 0 ? "/" : "");
  return name;
}

}  // namespace

const FigureLine* RunData::find(std::string_view figure) const {
  const auto found = std::ranges::find(figures, figure, &FigureLine::name);
  return found == figures.end() ? nullptr : &*found;
}

std::string RunData::setting(std::string_view key) const {
  const auto found = std::ranges::find(settings, key, &std::pair<std::string, std::string>::first);
  return found == settings.end() ? "" : found->second;
}

std::vector<FigureLine> read_figures(const fs::path& file) {
  const std::string content = read_file(file);
  std::map<std::string, std::size_t> places;
  std::vector<FigureLine> figures;
  std::string_view rest = content;
  for (std::int64_t number = 1;; ++number) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return figures;
    try {
      add_record(read_ordered_json(rest.substr(0, end)), places, figures);
    } catch (const nlohmann::json::exception& error) {
      throw DataError("{}:{}: expected a record of the run (a JSON object with its step), found {}: {}", file.string(),
                      number, in_quotes(rest.substr(0, end)), json_problem_without_place(error));
    }
    rest.remove_prefix(end + 1);
  }
}

std::vector<RunData> read_runs(const std::vector<fs::path>& folders) {
  const std::vector<std::string> names = short_names(folders);
  std::vector<RunData> runs;
  for (std::size_t i = 0; i < folders.size(); ++i) runs.push_back(read_run(folders[i], names[i]));
  return runs;
}

std::vector<std::string> short_names(const std::vector<fs::path>& paths) {
  std::vector<std::vector<std::string>> parts;
  std::size_t most = 1;
  for (const fs::path& path : paths) {
    parts.push_back(parts_of(path));
    most = std::max(most, parts.back().size());
  }
  std::vector<std::string> names(paths.size());
  for (std::size_t count = 1; count <= most; ++count) {
    for (std::size_t i = 0; i < paths.size(); ++i) names[i] = joined_end(parts[i], count);
    std::vector<std::string> sorted = names;
    std::ranges::sort(sorted);
    if (std::ranges::adjacent_find(sorted) == sorted.end()) break;
  }
  return names;
}

}  // namespace albert::report
