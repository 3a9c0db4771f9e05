#include "tasks/task.h"

#include <algorithm>
#include <iterator>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/file.h"
#include "base/glob.h"
#include "base/log.h"
#include "tasks/common/like_labels.h"
#include "tasks/common/written_label.h"

namespace albert::tasks {

namespace {

constexpr char kBetweenNames = '/';  // which no name of a file has

/// Of a file or a folder, however it is written.
std::string name_of(const fs::path& path) {
  const fs::path whole = fs::absolute(path).lexically_normal();
  return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

}  // namespace

metrics::Figures calibration_figures(const metrics::Calibration& calibration) {
  const auto error = calibration.expected_error();
  return error ? metrics::Figures{{kCalibrationError, *error}} : metrics::Figures();
}

std::vector<fs::path> Task::find(const fs::path& data, Part part) const {
  if (is_single(data)) return {data};
  if (fs::exists(fs::symlink_status(data)) && !fs::is_directory(data)) {
    open_to_read(data);  // throws for most of what is no file
    throw DataError(
        "{}: expected a file or a folder, found {}, which has no name that tells its layout; write it to a file first",
        data.string(), fs::is_fifo(data) ? "a pipe" : "a device");
  }
  if (!fs::is_directory(data)) throw DataError("{}: there is no such file or folder", data.string());
  std::vector<fs::path> files = files_in(data, part);
  if (!files.empty()) return files;
  std::string hint;
  if (part == Part::kDevelopment) {
    std::vector<fs::path> training = files_in(data, Part::kTrain);
    if (!training.empty() && divides(training.front())) return training;
    if (!training.empty()) hint = "; where task.held_out is above 0, training keeps a share of its file for it";
    if (!files_in(data, Part::kTest).empty()) hint = "; the test data is read by `albert evaluate` with --part test";
  }
  throw DataError("{}: no {} data for {}: expected {}, found none{}", data.string(), name_of(part),
                  describe_model(definition_.config.type()), expected_files(part), hint);
}

DataFiles Task::find_parts(const std::vector<fs::path>& data) const {
  DataFiles files;
  std::vector<fs::path> development;
  for (const fs::path& path : data) {
    if (!is_single(path)) {
      std::ranges::copy(find(path, Part::kTrain), std::back_inserter(files.training));
      std::ranges::copy(files_in(path, Part::kDevelopment), std::back_inserter(development));
      continue;
    }
    const Part part = data.size() > 1 ? named_part(path).value_or(Part::kTrain) : Part::kTrain;
    (part == Part::kTrain ? files.training : part == Part::kDevelopment ? development : files.left_out).push_back(path);
  }
  files.training = distinct(files.training);  // a folder may be named beside a file in it
  development = distinct(development);
  if (files.training.empty()) {
    throw DataError("none of the {} files is to train on: their names say that they are for evaluation or tests",
                    data.size());
  }
  if (data.size() > 1) {
    if (!development.empty()) files.development = {development};
  } else {
    for (const fs::path& file : development) files.development.push_back({file});
  }
  return files;
}

DataFiles Task::settle(const std::vector<fs::path>& data) {
  DataFiles files = find_parts(data);
  TaskConfig& config = definition_.config;
  config.held_out_of.clear();
  if (config.folds > 0 && !files.development.empty()) {
    log_warning("files for evaluation are left out: with folds the training data are evaluated on, part by part");
    files.development.clear();
  }
  if (files.development.empty() && !config.share().is_empty()) {
    for (const fs::path& file : files.training) {
      if (!config.held_out_of.empty()) config.held_out_of += kBetweenNames;
      config.held_out_of += name_of(file);
    }
    files.development = {files.training};
  }
  const bool were_named = !definition_.labels.empty();
  settle_labels(files.training);
  if (!were_named) warn_of_doubtful_labels(definition_.labels);
  for (const std::string& label : definition_.labels) check_written_label(label, "the labels of the task");
  is_settled_ = true;
  return files;
}

bool Task::divides(const fs::path& file) const {
  const auto enclosed = [](const std::string& names) { return kBetweenNames + names + kBetweenNames; };
  return enclosed(definition_.config.held_out_of).find(enclosed(name_of(file))) != std::string::npos;
}

/// Throws if files were divided into folds together with others, without which their fold is not known.
void Task::check_folds(const std::vector<fs::path>& files, Part part) const {
  const TaskConfig& config = definition_.config;
  const auto is_divided = [this](const fs::path& file) { return divides(file); };
  if (config.folds == 0 || part == Part::kTest || std::ranges::none_of(files, is_divided)) return;
  const auto num_divided = std::ranges::count(config.held_out_of, kBetweenNames) + 1;
  if (static_cast<std::ptrdiff_t>(files.size()) == num_divided) return;
  throw DataError(
      "{}: it was divided into folds together with other files ({}), so it alone does not tell which of its examples "
      "were trained on; --part test reads all of it",
      files.front().string(), config.held_out_of);
}

std::unique_ptr<DataSet> Task::read(const std::vector<fs::path>& files, Part part, Texts texts) const {
  check_folds(files, part);
  std::vector<Source> sources;
  for (const fs::path& file : files) {
    const bool is_whole = part == Part::kTest || !divides(file);
    sources.push_back({.file = file,
                       .part = part,
                       .held_out = is_whole ? Share() : definition_.config.share(),
                       .keeps_texts = texts == Texts::kKept});
  }
  return load(sources);
}

std::string Task::length_limit() const {
  return fmt::format("the {} tokens that the model reads", definition_.config.max_sequence_length);
}

bool Task::is_single(const fs::path& path) const {
  return fs::is_regular_file(path);
}

std::string Task::metric() const {
  return definition_.config.metric.empty() ? figures().front() : definition_.config.metric;
}

std::unique_ptr<Task> make_task(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer) {
  const TaskType& type = definition.config.type();
  auto task = type.open(std::move(definition), std::move(tokenizer));
  const std::vector<std::string> figures = task->figures();
  if (std::ranges::find(figures, task->metric()) != figures.end()) return task;
  throw UsageError("task.metric: '{}' is no figure of this task; expected one of {}", task->metric(),
                   fmt::join(figures, ", "));
}

}  // namespace albert::tasks
