#include "tasks/choice/task.h"

#include <algorithm>
#include <array>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/file.h"
#include "tasks/choice/data_set.h"
#include "tasks/choice/window.h"
#include "tasks/common/held_out.h"
#include "tasks/common/part_files.h"

namespace albert::tasks {

namespace {

constexpr std::array<std::string_view, 3> kFigures = {"accuracy", "accuracy_middle", "accuracy_high"};

const std::vector<std::string> kExtensions = {".csv", ".jsonl", ".ndjson", ".json"};

const char* race_folder(Part part) {
  return part == Part::kTrain ? "train" : part == Part::kDevelopment ? "dev" : "test";
}

ChoiceFile read_all(const std::vector<fs::path>& files) {
  ChoiceFile all;
  for (const fs::path& file : files) {
    ChoiceFile content = read_choices(file);
    std::ranges::move(content.questions, std::back_inserter(all.questions));
    std::ranges::move(content.left_out, std::back_inserter(all.left_out));
  }
  return all;
}

}  // namespace

ChoiceTask::ChoiceTask(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer)
    : Task(std::move(definition)), tokenizer_(std::move(tokenizer)) {
  const std::string& metric = definition_.config.metric;
  if (!metric.empty() && std::ranges::find(kFigures, metric) == kFigures.end()) {
    throw UsageError("task.metric: '{}' is no figure of this task; expected one of {}", metric,
                     fmt::join(kFigures, ", "));
  }
}

bool ChoiceTask::is_single(const fs::path& path) const {
  return fs::is_regular_file(path) || is_race_folder(path);
}

std::vector<fs::path> ChoiceTask::files_in(const fs::path& folder, Part part) const {
  for (const fs::path& inner : {folder / race_folder(part), folder / "RACE" / race_folder(part)}) {
    if (is_race_folder(inner)) return {inner};
  }
  std::vector<fs::path> files = files_of_part(folder, part, kExtensions);
  if (part == Part::kTrain && files.size() > 1) return {folder};
  return files;
}

std::string ChoiceTask::expected_files(Part part) const {
  return fmt::format("the folder {} of RACE, or files whose names end in {} with the extension {}", race_folder(part),
                     fmt::join(stems_of(part), " or "), fmt::join(kExtensions, " or "));
}

model::HeadConfig ChoiceTask::head() const {
  return {.kind = model::HeadKind::kMultipleChoice, .num_labels = 1};
}

std::string ChoiceTask::metric() const {
  return definition_.config.metric.empty() ? std::string(kFigures[0]) : definition_.config.metric;
}

ChoiceEncoding ChoiceTask::encoding() const {
  return {*tokenizer_, definition_.config.choice, definition_.config.max_sequence_length};
}

std::unique_ptr<DataSet> ChoiceTask::load(const Source& source) const {
  // A folder of several files to train on; if it is divided, also to evaluate on.
  const bool is_folder = !is_single(source.file);
  const Part part = source.held_out > 0 ? Part::kTrain : source.part;
  ChoiceFile content = is_folder ? read_all(files_of_part(source.file, part, kExtensions)) : read_choices(source.file);
  const std::size_t num_of_other_part = keep_share(content.questions, source, [](const ChoiceQuestion& question) {
    return question.context.empty() ? question.question : question.context;
  });
  return std::make_unique<ChoiceDataSet>(source.file.string(), std::move(content), encoding(),
                                         definition_.config.max_sequence_length, num_of_other_part);
}

std::unique_ptr<RecordWindow> ChoiceTask::open_window(RecordFormat format, std::string_view header,
                                                      std::string& out_header) const {
  auto window = std::make_unique<ChoiceWindow>(format, header, encoding());
  out_header = window->out_header();
  return window;
}

}  // namespace albert::tasks
