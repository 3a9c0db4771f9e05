#include "tasks/task.h"

#include <algorithm>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/file.h"

namespace albert::tasks {

namespace {

/// Of a file or a folder, however it is written.
std::string name_of(const fs::path& path) {
  const fs::path whole = fs::absolute(path).lexically_normal();
  return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

}  // namespace

std::vector<fs::path> Task::find(const fs::path& data, Part part) const {
  if (is_single(data)) return {data};
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

std::vector<fs::path> Task::settle(const fs::path& data) {
  std::vector<fs::path> training = find(data, Part::kTrain);
  const bool has_development = !is_single(data) && !files_in(data, Part::kDevelopment).empty();
  TaskConfig& config = definition_.config;
  config.held_out_of = config.held_out > 0 && !has_development ? name_of(training.front()) : "";
  settle_labels(training);
  is_settled_ = true;
  return training;
}

bool Task::divides(const fs::path& file) const {
  return name_of(file) == definition_.config.held_out_of;
}

std::unique_ptr<DataSet> Task::read(const fs::path& file, Part part) const {
  const bool is_whole = part == Part::kTest || !divides(file);
  return load({.file = file, .part = part, .held_out = is_whole ? 0 : definition_.config.held_out});
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
