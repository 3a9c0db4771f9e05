#include "tasks/relation/task.h"

#include <algorithm>
#include <array>
#include <set>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/file.h"
#include "tasks/common/parts.h"
#include "tasks/relation/data_set.h"
#include "tasks/relation/window.h"

namespace albert::tasks {

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

}  // namespace

RelationTask::RelationTask(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer)
    : Task(std::move(definition)), tokenizer_(std::move(tokenizer)) {
  if (definition_.labels.empty()) definition_.labels = config().labels;
  const std::string& metric = definition_.config.metric;
  if (!metric.empty() && std::ranges::find(kFigures, metric) == kFigures.end()) {
    throw UsageError("task.metric: '{}' is no figure of this task; expected one of {}", metric,
                     fmt::join(kFigures, ", "));
  }
}

std::vector<fs::path> RelationTask::files_in(const fs::path& folder, Part part) const {
  for (const fs::path& name : semeval_files(part)) {
    if (fs::exists(folder / name)) return {folder / name};
  }
  return files_of_part(folder, part, kExtensions);
}

std::string RelationTask::expected_files(Part part) const {
  std::string expected =
      fmt::format("a file that is named after the part with the extension {}", fmt::join(kExtensions, " or "));
  if (part == Part::kDevelopment) return expected;
  return fmt::format("a file of SemEval-2010 Task 8 ({}), or {}",
                     part == Part::kTest ? "TEST_FILE_FULL.TXT" : "TRAIN_FILE.TXT", expected);
}

void RelationTask::settle_labels(const std::vector<fs::path>& training_files) {
  if (!definition_.labels.empty()) return;
  std::set<std::string> labels;
  for (const fs::path& file : training_files) {
    for (const RelationRecord& record : read_relations(file).records) {
      if (!record.label) throw DataError("{}: the sentence has no label to learn", record.place.to_string());
      labels.insert(*record.label);
    }
  }
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

std::unique_ptr<DataSet> RelationTask::load(const Source& source) const {
  RelationFile content = read_relations(source.file);
  const std::size_t num_of_other_part = keep_share(content.records, source, &RelationRecord::text);
  return std::make_unique<RelationDataSet>(source.file.string(), std::move(content), definition_.labels, encoding(),
                                           num_of_other_part);
}

std::unique_ptr<RecordWindow> RelationTask::open_window(RecordFormat format, std::string_view header,
                                                        std::string& out_header) const {
  auto window = std::make_unique<RelationWindow>(format, header, definition_.labels, encoding());
  out_header = window->out_header();
  return window;
}

}  // namespace albert::tasks
