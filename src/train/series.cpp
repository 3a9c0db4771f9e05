#include "train/series.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>
#include <ranges>
#include <set>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/ranges.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/hash.h"
#include "metrics/figures.h"
#include "metrics/text_table.h"
#include "train/best_result.h"

namespace albert::train {

namespace {

constexpr const char* kMetric = "task.metric";
constexpr const char* kSeed = "train.seed";  // seeds begin with the one that is set

using Settings = std::vector<std::pair<std::string, std::string>>;

/// What runs differ in along one dimension of the grid.
struct Axis {
  std::string key;  ///< of the setting
  std::vector<std::string> values;
  std::string folder = {};  ///< of a value: "seed-" and the value
  bool is_swept = false;
};

/// Cuts "1e-4,[1, 2]" at the commas that are outside of brackets.
std::vector<std::string> split_values(std::string_view text) {
  std::vector<std::string> values(1);
  int depth = 0;
  for (const char c : text) {
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (c == ',' && depth == 0) {
      values.emplace_back();
    } else {
      values.back() += c;
    }
  }
  return values;
}

/// A number in one form, so that 1e-3 and 0.001 are the same; other values as they stand.
std::string canonical(const std::string& value) {
  char* end = nullptr;
  const double number = std::strtod(value.c_str(), &end);
  return end != value.c_str() && *end == '\0' ? fmt::format("{}", number) : value;
}

Axis parse_sweep(const std::string& sweep) {
  const std::size_t equals = sweep.find('=');
  const std::string key = sweep.substr(0, equals);
  const bool has_values = equals != std::string::npos && equals + 1 < sweep.size() && !key.empty();
  Axis axis{key, has_values ? split_values(sweep.substr(equals + 1)) : std::vector<std::string>(), "", true};
  std::set<std::string> distinct;
  for (const std::string& value : axis.values) distinct.insert(canonical(value));
  if (has_values && !distinct.contains("") && distinct.size() == axis.values.size()) return axis;
  throw UsageError(
      "--sweep {}: expected KEY=VALUE,VALUE with different values, as in --sweep optimizer.learning_rate=1e-4,3e-4",
      sweep);
}

/// Throws UsageError for whole numbers beyond those that there are.
Axis count_axis(std::string key, std::int64_t first, std::int64_t count, std::string folder) {
  if (first > std::numeric_limits<std::int64_t>::max() - count) {
    throw UsageError("{}: expected a number with {} behind it, found {}", key, counted(count - 1, "more", "more"),
                     first);
  }
  Axis axis{std::move(key), {}, std::move(folder)};
  for (std::int64_t i = 0; i < count; ++i) axis.values.push_back(std::to_string(first + i));
  return axis;
}

std::string last_part(const std::string& key) {
  return key.substr(key.rfind('.') + 1);
}

/// Names the values' folders after the last part of the key, where that tells the sweeps apart.
void name_folders(std::vector<Axis>& axes) {
  std::map<std::string, int> counts;
  for (const Axis& axis : axes) ++counts[last_part(axis.key)];
  for (Axis& axis : axes) {
    if (!axis.is_swept) continue;
    const std::string name = last_part(axis.key);
    axis.folder = (counts[name] > 1 ? axis.key : name) + "=";
  }
}

/// \param assignments what the command line says of settings besides
/// \param has_folds the number of folds is given too, by --folds
void check_keys(const std::vector<Axis>& axes, const std::vector<std::string>& assignments, bool has_folds) {
  std::set<std::string> keys;
  if (has_folds) keys.insert("task.folds");
  for (const Axis& axis : axes) {
    if (axis.key == kMetric) throw UsageError("--sweep {}: values of different metrics cannot be compared", kMetric);
    if (!keys.insert(axis.key).second) throw UsageError("{} is varied twice; name each setting once", axis.key);
  }
  for (const std::string& assignment : assignments) {
    const std::string key = assignment.substr(0, assignment.find('='));
    const auto axis = std::ranges::find(axes, key, &Axis::key);
    const bool is_first_seed = axis != axes.end() && !axis->is_swept && key == kSeed;
    if (!keys.contains(key) || is_first_seed) continue;
    throw UsageError(
        "{} has a value by --set, --model or --data, but --sweep, --seeds or --folds gives it several; keep one of the "
        "two",
        key);
  }
}

void check_number(const std::vector<Axis>& axes) {
  constexpr std::size_t kMaxRuns = 10'000;
  std::size_t product = 1;
  for (const Axis& axis : axes) {
    product *= axis.values.size();
    if (product > kMaxRuns) throw UsageError("expected at most {} runs, found {} or more", kMaxRuns, product);
  }
}

/// A value as a part of the name of a folder. The name follows from the value alone, so that a series that is resumed
/// finds its runs in whatever order its values are given: one that is no name as it stands gets a checksum.
std::string as_name(const std::string& value) {
  constexpr std::size_t kLongest = 60;
  std::string name = value;
  for (char& c : name) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                          std::string_view("+-._").find(c) != std::string_view::npos;
    if (!is_plain) c = '_';
  }
  if (name == value && name.size() <= kLongest) return name;
  const std::string checksum = fmt::format("-{:08x}", hash64_of(value) >> 32);
  return name.substr(0, kLongest - checksum.size()) + checksum;
}

/// Every combination of the values; the last axis changes fastest.
std::vector<SeriesRun> combine(const std::vector<Axis>& axes) {
  std::vector<SeriesRun> runs(1);
  for (const Axis& axis : axes) {
    std::vector<SeriesRun> more;
    for (const SeriesRun& run : runs) {
      for (const std::string& value : axis.values) {
        SeriesRun& made = more.emplace_back(run);
        made.name += fmt::format("{}{}{}", run.name.empty() ? "" : ",", axis.folder, as_name(value));
        made.assignments.push_back(fmt::format("{}={}", axis.key, value));
        if (axis.is_swept) made.settings.emplace_back(axis.key, value);
      }
    }
    runs = std::move(more);
  }
  return runs;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double median_of(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double deviation_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

std::string format_value(const std::optional<double>& value) {
  return value ? fmt::format("{:.4f}", *value) : "none";
}

nlohmann::ordered_json to_object(const Settings& settings) {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  for (const auto& [key, value] : settings) object[key] = value;
  return object;
}

}  // namespace

std::vector<SeriesRun> runs_of(const SeriesOptions& options, std::int64_t first_seed,
                               const std::vector<std::string>& assignments) {
  std::vector<Axis> axes;
  for (const std::string& sweep : options.sweeps) axes.push_back(parse_sweep(sweep));
  if (options.num_seeds > 1) axes.push_back(count_axis(kSeed, first_seed, options.num_seeds, "seed-"));
  if (options.num_folds > 0) axes.push_back(count_axis("task.fold", 1, options.num_folds, "fold-"));
  name_folders(axes);
  check_keys(axes, assignments, options.num_folds > 0);
  check_number(axes);
  std::vector<SeriesRun> runs = combine(axes);
  if (options.num_folds > 0) {
    for (SeriesRun& run : runs) run.assignments.push_back(fmt::format("task.folds={}", options.num_folds));
  }
  return runs;
}

SeriesSummary::SeriesSummary(SeriesOptions options, std::vector<SeriesResult> results)
    : options_(std::move(options)), results_(std::move(results)) {
  for (auto first = results_.begin(); first != results_.end();) {
    const Settings& settings = first->run.settings;
    const auto end = std::find_if(first, results_.end(), [&](const auto& one) { return one.run.settings != settings; });
    std::vector<double> values;
    std::vector<double> losses;
    for (auto one = first; one != end; ++one) {
      if (one->result.best) values.push_back(one->result.best->value);
      if (one->result.best && one->result.best->loss) losses.push_back(*one->result.best->loss);
    }
    SeriesGroup& group = groups_.emplace_back();
    group.settings = settings;
    group.num_runs = static_cast<std::size_t>(end - first);
    if (values.size() == group.num_runs) {
      group.value = middle_of(values);
      if (values.size() > 1) group.standard_deviation = deviation_of(values);
      if (losses.size() == group.num_runs) group.loss = middle_of(losses);
    }
    first = end;
  }
}

double SeriesSummary::middle_of(const std::vector<double>& values) const {
  return has_folds() ? mean_of(values) : median_of(values);
}

/// The result of a group, as that of a run.
BestResult SeriesSummary::result_of(const SeriesGroup& group) const {
  return {.metric = metric(), .value = group.value.value(), .loss = group.loss};
}

const SeriesGroup* SeriesSummary::best_group() const {
  const SeriesGroup* best = nullptr;
  for (const SeriesGroup& group : groups_) {
    if (!group.value) continue;
    if (!best || is_better(result_of(group), result_of(*best))) best = &group;
  }
  return best;
}

const SeriesResult* SeriesSummary::best() const {
  const SeriesGroup* group = best_group();
  const SeriesResult* best = nullptr;
  for (const SeriesResult& one : results_) {
    if (!one.result.best || (group && one.run.settings != group->settings)) continue;
    if (!best || is_better(*one.result.best, *best->result.best)) best = &one;
  }
  return best;
}

std::string SeriesSummary::metric() const {
  const auto found =
      std::ranges::find_if(results_, [](const SeriesResult& one) { return one.result.best.has_value(); });
  return found == results_.end() ? "" : found->result.best->metric;
}

std::string SeriesSummary::to_json() const {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  if (!metric().empty()) object["metric"] = metric();
  if (const SeriesGroup* group = best_group(); group && groups_.size() > 1) {
    object["best_settings"] = to_object(group->settings);
  }
  if (const SeriesResult* found = best(); found && !has_folds()) object["best"] = found->run.name;
  for (const SeriesGroup& group : groups_) {
    nlohmann::ordered_json& written = object["groups"].emplace_back(nlohmann::ordered_json::object());
    written["settings"] = to_object(group.settings);
    if (group.value) written[has_folds() ? "mean" : "median"] = *group.value;
    if (group.standard_deviation) written["standard_deviation"] = *group.standard_deviation;
  }
  for (const SeriesResult& one : results_) {
    nlohmann::ordered_json& written = object["runs"].emplace_back();
    written = {{"folder", one.run.name}, {"settings", nlohmann::ordered_json::object()}};
    for (const std::string& assignment : one.run.assignments) {
      const std::size_t equals = assignment.find('=');
      written["settings"][assignment.substr(0, equals)] = assignment.substr(equals + 1);
    }
    if (!one.failure.empty()) written["failure"] = one.failure;
    if (one.result.evaluation) {
      for (const auto& [name, value] : one.result.evaluation->figures) written["figures"][name] = value;
    }
    if (!one.result.best) continue;
    written["value"] = one.result.best->value;
    written["step"] = one.result.best->step;
  }
  return object.dump(2) + "\n";
}

std::string SeriesSummary::heading(const SeriesGroup& group) const {
  if (has_folds() && options_.num_seeds == 1) return fmt::format("mean of {} folds", group.num_runs);
  if (has_folds()) return fmt::format("mean of {} folds with {} seeds", options_.num_folds, options_.num_seeds);
  return group.num_runs == 1 ? "value" : fmt::format("median of {} seeds", group.num_runs);
}

std::string SeriesSummary::to_text() const {
  if (metric().empty()) return "";
  const bool has_deviation =
      std::ranges::any_of(groups_, [](const SeriesGroup& group) { return group.standard_deviation.has_value(); });
  const Settings& names = groups_.front().settings;
  std::vector<std::string> header;
  for (const auto& [key, value] : names) header.push_back(key);
  header.push_back(fmt::format("{}, {}", metric(), heading(groups_.front())));
  if (has_deviation) header.emplace_back("standard deviation");
  metrics::TextTable table(std::move(header), names.size());
  for (const SeriesGroup& group : groups_) {
    std::vector<std::string> row;
    for (const auto& [key, value] : group.settings) row.push_back(value);
    row.push_back(format_value(group.value));
    if (has_deviation) row.push_back(format_value(group.standard_deviation));
    table.add_row(std::move(row));
  }
  std::string text = table.to_text();
  if (const SeriesGroup* group = best_group(); group && groups_.size() > 1) {
    std::vector<std::string> settings;
    for (const auto& [key, value] : group->settings) settings.push_back(fmt::format("{}={}", key, value));
    text += fmt::format("the best: {}\n", fmt::join(settings, ", "));
  }
  return text;
}

}  // namespace albert::train
