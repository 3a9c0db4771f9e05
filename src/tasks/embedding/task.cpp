#include "tasks/embedding/task.h"

#include <algorithm>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "tasks/embedding/data_set.h"
#include "tasks/text/labels.h"
#include "tasks/text/window.h"

namespace albert::tasks {

namespace {

using model::EmbeddingObjective;

/// The figures by which models may be compared, the usual one first.
std::vector<std::string> figures_of(EmbeddingObjective objective) {
  if (objective != EmbeddingObjective::kInBatchNegatives) return {"spearman", "pearson"};
  std::vector<std::string> figures = {"mrr"};
  for (const std::int64_t cutoff : kRecallCutoffs) figures.push_back(fmt::format("recall_at_{}", cutoff));
  return figures;
}

}  // namespace

EmbeddingTask::EmbeddingTask(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer)
    : Task(std::move(definition)), tokenizer_(std::move(tokenizer)), files_(config().text_files()) {
  if (files_.glue && config().objective == EmbeddingObjective::kClassification) {
    definition_.labels = glue_info(*files_.glue).labels;
    check_similar();
  }
  const std::string& metric = definition_.config.metric;
  const std::vector<std::string> figures = figures_of(config().objective);
  if (!metric.empty() && std::ranges::find(figures, metric) == figures.end()) {
    throw UsageError("task.metric: '{}' is no figure of this task; expected one of {}", metric,
                     fmt::join(figures, ", "));
  }
}

void EmbeddingTask::check_similar() const {
  if (std::ranges::find(definition_.labels, config().similar) != definition_.labels.end()) return;
  throw UsageError("task.embedding.similar: no pair has the label '{}'; the labels are {}", config().similar,
                   fmt::join(definition_.labels, ", "));
}

std::vector<std::filesystem::path> EmbeddingTask::files_in(const std::filesystem::path& folder, Part part) const {
  return TextFiles(files_).files_in(folder, part);
}

std::string EmbeddingTask::expected_files(Part part) const {
  return TextFiles(files_).expected_files(part);
}

void EmbeddingTask::settle_labels(const std::vector<std::filesystem::path>& training_files) {
  if (config().objective != EmbeddingObjective::kClassification || !definition_.labels.empty()) return;
  std::vector<TextRecord> records;
  for (const auto& file : training_files) {
    TextFile content = TextFiles(files_).read_whole(file, /*need_labels=*/true);
    std::ranges::move(content.records, std::back_inserter(records));
  }
  definition_.labels = infer_labels(records, files_);
  check_similar();
}

model::HeadConfig EmbeddingTask::head() const {
  return {.kind = model::HeadKind::kEmbedding,
          .num_labels = static_cast<std::int64_t>(definition_.labels.size()),
          .pooling = config().pooling,
          .objective = config().objective,
          .scale = config().scale};
}

std::string EmbeddingTask::metric() const {
  return definition_.config.metric.empty() ? figures_of(config().objective).front() : definition_.config.metric;
}

TextEncoding EmbeddingTask::encoding() const {
  return {*tokenizer_, definition_.config.max_sequence_length};
}

std::unique_ptr<DataSet> EmbeddingTask::load(const Source& source) const {
  const TextFiles files(files_);
  return std::make_unique<EmbeddingDataSet>(definition_, source.file, files.read(source),
                                            files.format_of(source.file).rows, encoding());
}

bool EmbeddingTask::is_header(std::string_view first_line) const {
  return TextWindow::is_header(files_, first_line);
}

std::unique_ptr<RecordWindow> EmbeddingTask::open_window(RecordFormat format, std::string_view header,
                                                         std::string& out_header) const {
  auto window = std::make_unique<TextWindow>(files_, TextAnswers::of_cosines(), TextWindow::Pairs::kApart, format,
                                             header, encoding());
  out_header = window->out_header();
  return window;
}

}  // namespace albert::tasks
