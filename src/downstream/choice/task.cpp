#include "downstream/choice/task.h"

#include <algorithm>
#include <array>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/file.h"
#include "downstream/choice/data_set.h"
#include "downstream/choice/window.h"
#include "downstream/part_files.h"

namespace albert::downstream {

namespace {

constexpr std::array<std::string_view, 3> kFigures = {"accuracy", "accuracy_middle", "accuracy_high"};

const std::vector<std::string> kExtensions = {".csv", ".jsonl", ".ndjson", ".json"};

const char* race_folder(Part part) {
  return part == Part::kTrain ? "train" : part == Part::kDevelopment ? "dev" : "test";
}

datasets::ChoiceFile read_all(const std::vector<fs::path>& files) {
  datasets::ChoiceFile all;
  for (const fs::path& file : files) {
    datasets::ChoiceFile content = datasets::read_choices(file);
    std::ranges::move(content.questions, std::back_inserter(all.questions));
    std::ranges::move(content.left_out, std::back_inserter(all.left_out));
  }
  return all;
}

}  // namespace

ChoiceTask::ChoiceTask(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer)
    : Downstream(std::move(definition)), tokenizer_(std::move(tokenizer)) {
  const std::string& metric = definition_.config.metric;
  if (!metric.empty() && std::ranges::find(kFigures, metric) == kFigures.end()) {
    throw UsageError("task.metric: '{}' is no figure of this task; expected one of {}", metric,
                     fmt::join(kFigures, ", "));
  }
}

std::vector<fs::path> ChoiceTask::find(const fs::path& path, Part part) const {
  if (fs::is_regular_file(path) || datasets::is_race_folder(path)) return {path};
  if (!fs::is_directory(path)) throw DataError("{}: there is no such file or folder", path.string());
  for (const fs::path& folder : {path / race_folder(part), path / "RACE" / race_folder(part)}) {
    if (datasets::is_race_folder(folder)) return {folder};
  }
  std::vector<fs::path> files = files_of_part(path, part, kExtensions);
  if (files.empty()) {
    throw DataError(
        "{}: no {} data: expected the folder {} of RACE, or files whose names end in {} with the extension {}",
        path.string(), name_of(part), race_folder(part),
        part == Part::kDevelopment ? "dev or validation" : race_folder(part), fmt::join(kExtensions, " or "));
  }
  if (part == Part::kTrain && files.size() > 1) return {path};
  return files;
}

void ChoiceTask::settle_labels(const std::vector<fs::path>& /*training_files*/) {}

model::HeadConfig ChoiceTask::head() const {
  return {.kind = model::HeadKind::kMultipleChoice, .num_labels = 1};
}

std::string ChoiceTask::metric() const {
  return definition_.config.metric.empty() ? std::string(kFigures[0]) : definition_.config.metric;
}

ChoiceEncoding ChoiceTask::encoding() const {
  return {*tokenizer_, definition_.config.choice, definition_.config.max_sequence_length};
}

std::unique_ptr<DataSet> ChoiceTask::read(const fs::path& file, Part part) const {
  const bool is_race = datasets::is_race_folder(file);
  datasets::ChoiceFile content = fs::is_directory(file) && !is_race ? read_all(files_of_part(file, part, kExtensions))
                                                                    : datasets::read_choices(file);
  return std::make_unique<ChoiceDataSet>(file.string(), std::move(content), encoding(),
                                         definition_.config.max_sequence_length);
}

std::unique_ptr<RecordWindow> ChoiceTask::open_window(RecordFormat format, std::string_view header,
                                                      std::string& out_header) const {
  auto window = std::make_unique<ChoiceWindow>(format, header, encoding());
  out_header = window->out_header();
  return window;
}

}  // namespace albert::downstream
