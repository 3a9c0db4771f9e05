#include "train/run_list.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <system_error>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/shown.h"
#include "metrics/text_table.h"
#include "train/run.h"

namespace albert::train {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

/// The characters of a failure that people see; programs get all of it.
constexpr std::size_t kShownOfFailure = 200;

/// What a run keeps in folders of its own holds no other run.
bool is_of_run(const std::string& name) {
  return name == "checkpoints" || name == "tensorboard";
}

/// A folder may be read, but its files not be looked at.
bool may_be_entered(const fs::path& folder) {
  std::error_code error;
  return fs::exists(fs::status(folder / ".", error));
}

/// Adds the runs at a folder and below it. One that cannot be looked into is named.
void find_runs_at(const fs::path& folder, std::vector<fs::path>& runs) {
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  const bool is_one = !error && may_be_entered(folder) && is_run(folder);
  if (is_one) runs.push_back(folder);
  std::vector<fs::path> inner;
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    const std::string name = entries->path().filename().string();
    std::error_code gone;
    if (entries->is_symlink(gone) || !entries->is_directory(gone) || name.starts_with('.')) continue;
    if (!is_one || !is_of_run(name)) inner.push_back(entries->path());
  }
  if (error) log_warning("{} cannot be looked into: {}", folder.string(), error.message());
  std::ranges::sort(inner);
  for (const fs::path& one : inner) find_runs_at(one, runs);
}

/// The failures that runs.json tells of, by the folders of the runs.
/// Throws DataError if it is no summary of a series; IoError.
std::vector<std::pair<std::string, std::string>> read_failures(const fs::path& file) {
  std::vector<std::pair<std::string, std::string>> failures;
  try {
    const json root = read_json(read_file(file, kMaxConfigBytes));
    for (const json& run : json_list(json_member(root, "runs"), "runs")) {
      const json* const failure = find_json_member(run, "failure", "runs[]");
      if (failure == nullptr) continue;
      failures.emplace_back(json_value<std::string>(json_member(run, "folder", "runs[]"), "folder"),
                            json_value<std::string>(*failure, "failure"));
    }
  } catch (const json::exception& error) {
    throw DataError("{}: expected the summary of a series of runs: {}", file.string(), json_problem(error));
  }
  return failures;
}

/// Takes over what a series says of its runs that their own folders do not.
void add_failures(const fs::path& series, std::vector<RunSummary>& runs) {
  const fs::path file = series / kSeriesFile;
  if (!fs::is_regular_file(fs::symlink_status(file))) return;
  for (const auto& [name, failure] : read_failures(file)) {
    const auto run = std::ranges::find(runs, series / name, &RunSummary::path);
    if (run == runs.end()) {
      RunSummary gone;
      gone.path = series / name;
      gone.is_of_series = true;
      gone.command = "finetune";
      gone.state = RunState::kFailed;
      gone.changed = fs::last_write_time(file);
      gone.failure = failure;
      runs.push_back(std::move(gone));
    } else if (run->state == RunState::kStopped || run->state == RunState::kNotBegun) {
      run->state = RunState::kFailed;
      run->failure = failure;
    }
  }
}

/// The folders at and below one that hold a series.
std::vector<fs::path> series_of(const std::vector<RunSummary>& runs, const fs::path& folder) {
  std::vector<fs::path> series{folder};
  for (const RunSummary& run : runs) series.push_back(run.path.parent_path());
  std::ranges::sort(series);
  series.erase(std::ranges::unique(series).begin(), series.end());
  std::erase_if(series,
                [](const fs::path& one) { return !fs::is_regular_file(fs::symlink_status(one / kSeriesConfigFile)); });
  return series;
}

std::string format_time(fs::file_time_type time, const char* format,
                        std::tm* (*to_calendar)(const std::time_t*, std::tm*)) {
  const auto since_epoch = std::chrono::file_clock::to_sys(time).time_since_epoch();
  const std::time_t seconds = std::chrono::duration_cast<std::chrono::seconds>(since_epoch).count();
  std::tm calendar{};
  std::array<char, 64> text{};
  to_calendar(&seconds, &calendar);
  return {text.data(), std::strftime(text.data(), text.size(), format, &calendar)};
}

}  // namespace

std::vector<fs::path> find_runs(const fs::path& folder) {
  if (!fs::is_directory(folder)) {
    throw UsageError("{}: expected a folder, found {}; name the folder of a run, or one with runs below it",
                     folder.string(), fs::exists(folder) ? "a file" : "nothing");
  }
  std::vector<fs::path> runs;
  find_runs_at(folder, runs);
  return runs;
}

std::vector<RunSummary> list_runs(const fs::path& folder) {
  std::vector<RunSummary> runs;
  for (const fs::path& run : find_runs(folder)) runs.push_back(summarize_run(run));
  for (const fs::path& series : series_of(runs, folder)) {
    try {
      add_failures(series, runs);
    } catch (const Error& error) {
      log_warning("{}", error.what());
    }
  }
  std::ranges::stable_sort(runs, std::ranges::greater(), &RunSummary::changed);
  return runs;
}

std::string name_of_run(const fs::path& run, const fs::path& folder) {
  const std::string name = run.lexically_relative(folder).string();
  return name.empty() ? run.string() : name;
}

std::string describe_kind(const RunSummary& run) {
  if (run.command.empty()) return "?";
  if (run.kind.empty()) return run.command;
  return run.task.empty() ? fmt::format("{} {}", run.command, run.kind)
                          : fmt::format("{} {} ({})", run.command, run.task, run.kind);
}

std::string describe_best(const RunSummary& run) {
  if (!run.best) return "";
  return fmt::format("{} {:.4f} at {}", run.best->metric, run.best->value, run.best->step);
}

std::string describe_step(const RunSummary& run) {
  return run.num_steps ? fmt::format("{}/{}", run.step, *run.num_steps) : std::to_string(run.step);
}

std::string describe_change(const RunSummary& run) {
  return format_time(run.changed, "%Y-%m-%d %H:%M", ::localtime_r);
}

std::string runs_to_text(const std::vector<RunSummary>& runs, const fs::path& folder) {
  if (runs.empty()) return fmt::format("no run below {}\n", printable(folder.string()));
  metrics::TextTable table({"run", "kind", "state", "best", "changed", "step", "size"}, 5);
  std::string notes;
  for (const RunSummary& run : runs) {
    const std::string name = name_of_run(run.path, folder);
    table.add_row({name, describe_kind(run), to_string(run.state), describe_best(run), describe_change(run),
                   describe_step(run), format_bytes(run.size_bytes)});
    if (!run.failure.empty())
      notes += fmt::format("{}: failed: {}\n", printable(name), printable(shortened(run.failure, kShownOfFailure)));
    for (const std::string& problem : run.problems)
      notes += fmt::format("{}: {}\n", printable(name), printable(problem));
  }
  return table.to_text() + notes;
}

std::string runs_to_json(const std::vector<RunSummary>& runs, const fs::path& folder) {
  ordered_json list = ordered_json::array();
  for (const RunSummary& run : runs) {
    ordered_json one{{"path", name_of_run(run.path, folder)}};
    if (run.is_of_series) one["series"] = name_of_run(run.path.parent_path(), folder);
    if (!run.command.empty()) one["command"] = run.command;
    if (!run.task.empty()) one["task"] = run.task;
    if (!run.kind.empty()) one["kind"] = run.kind;
    one["state"] = to_string(run.state);
    one["step"] = run.step;
    if (run.num_steps) one["num_steps"] = *run.num_steps;
    if (run.best) one["best"] = {{"metric", run.best->metric}, {"value", run.best->value}, {"step", run.best->step}};
    one["changed"] = format_time(run.changed, "%Y-%m-%dT%H:%M:%SZ", ::gmtime_r);
    one["size_bytes"] = run.size_bytes;
    if (!run.failure.empty()) one["failure"] = run.failure;
    if (!run.problems.empty()) one["problems"] = run.problems;
    list.push_back(std::move(one));
  }
  return dump_json(list, 2) + "\n";
}

}  // namespace albert::train
