#include "downstream/relation/task.h"

#include <algorithm>
#include <array>
#include <set>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/file.h"
#include "downstream/held_out.h"
#include "downstream/part_files.h"
#include "downstream/relation/data_set.h"
#include "downstream/relation/window.h"

namespace albert::downstream {

namespace {

constexpr std::array<std::string_view, 2> kFigures = {"macro_f1", "accuracy"};

const std::vector<std::string> kExtensions = {".jsonl", ".ndjson", ".json"};

/// Where the parts of SemEval-2010 Task 8 lie, the better first.
std::vector<fs::path> semeval_files(Part part) {
  switch (part) {
    case Part::kTrain:
      return {"TRAIN_FILE.TXT", "SemEval2010_task8_training/TRAIN_FILE.TXT"};
    case Part::kTest:
      return {"TEST_FILE_FULL.TXT", "SemEval2010_task8_testing_keys/TEST_FILE_FULL.TXT", "TEST_FILE.TXT",
              "SemEval2010_task8_testing/SemEval2010_task8_testing/TEST_FILE.TXT"};
    case Part::kDevelopment:
      break;
  }
  return {};  // the task has none
}

std::vector<fs::path> find_in(const fs::path& folder, Part part) {
  for (const fs::path& name : semeval_files(part)) {
    if (fs::exists(folder / name)) return {folder / name};
  }
  return files_of_part(folder, part, kExtensions);
}

/// A training file beside which there is none for evaluation. A file of another name serves as both.
bool stands_alone(const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const std::vector<fs::path> training = find_in(folder, Part::kTrain);
  const bool is_training_file = std::ranges::find(training, file) != training.end();
  return !is_training_file || find_in(folder, Part::kDevelopment).empty();
}

}  // namespace

RelationTask::RelationTask(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer)
    : Downstream(std::move(definition)), tokenizer_(std::move(tokenizer)) {
  if (definition_.labels.empty()) definition_.labels = config().labels;
  const std::string& metric = definition_.config.metric;
  if (!metric.empty() && std::ranges::find(kFigures, metric) == kFigures.end()) {
    throw UsageError("task.metric: '{}' is no figure of this task; expected one of {}", metric,
                     fmt::join(kFigures, ", "));
  }
}

std::vector<fs::path> RelationTask::find(const fs::path& path, Part part) const {
  if (fs::is_regular_file(path)) return {path};
  if (!fs::is_directory(path)) throw DataError("{}: there is no such file or folder", path.string());
  std::vector<fs::path> files = find_in(path, part);
  if (files.empty() && part == Part::kDevelopment && config().held_out > 0) files = find_in(path, Part::kTrain);
  if (!files.empty()) return files;
  throw DataError(
      "{}: no {} data: expected a file of SemEval-2010 Task 8 ({}), or one that is named after the part "
      "with the extension {}",
      path.string(), name_of(part), part == Part::kTest ? "TEST_FILE_FULL.TXT" : "TRAIN_FILE.TXT",
      fmt::join(kExtensions, " or "));
}

void RelationTask::settle_labels(const std::vector<fs::path>& training_files) {
  definition_.config.relation.held_out_of.clear();
  std::set<std::string> labels;
  for (const fs::path& file : training_files) {
    if (config().held_out > 0 && stands_alone(file)) {
      definition_.config.relation.held_out_of = file.filename().string();
    }
    if (!definition_.labels.empty()) continue;
    for (const datasets::RelationRecord& record : datasets::read_relations(file).records) {
      if (!record.label) throw DataError("{}: the sentence has no label to learn", record.place.to_string());
      labels.insert(*record.label);
    }
  }
  if (!definition_.labels.empty()) return;
  if (labels.size() < 2) {
    throw DataError("{}: expected sentences of two or more labels, found {}", training_files.front().string(),
                    labels.size());
  }
  definition_.labels.assign(labels.begin(), labels.end());
}

model::HeadConfig RelationTask::head() const {
  const bool reads_starts = config().head == RelationHead::kEntityStarts;
  return {.kind = reads_starts ? model::HeadKind::kEntityPair : model::HeadKind::kClassification,
          .num_labels = static_cast<std::int64_t>(definition_.labels.size())};
}

std::string RelationTask::metric() const {
  return definition_.config.metric.empty() ? std::string(kFigures[0]) : definition_.config.metric;
}

RelationEncoding RelationTask::encoding() const {
  return {tokenizer_, config(), definition_.config.max_sequence_length};
}

std::unique_ptr<DataSet> RelationTask::read(const fs::path& file, Part part) const {
  datasets::RelationFile content = datasets::read_relations(file);
  std::size_t num_of_other_part = 0;
  if (part != Part::kTest && file.filename() == config().held_out_of) {
    num_of_other_part = std::erase_if(content.records, [&](const datasets::RelationRecord& record) {
      return is_held_out(record.text, config().held_out) != (part == Part::kDevelopment);
    });
  }
  return std::make_unique<RelationDataSet>(file.string(), std::move(content), definition_.labels, encoding(),
                                           num_of_other_part);
}

std::unique_ptr<RecordWindow> RelationTask::open_window(RecordFormat format, std::string_view header,
                                                        std::string& out_header) const {
  auto window = std::make_unique<RelationWindow>(format, header, definition_.labels, encoding());
  out_header = window->out_header();
  return window;
}

}  // namespace albert::downstream
