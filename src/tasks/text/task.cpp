#include "tasks/text/task.h"

#include <algorithm>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "tasks/text/data_set.h"
#include "tasks/text/labels.h"
#include "tasks/text/window.h"

namespace albert::tasks {

namespace {

/// The figures by which models may be compared, the usual one first.
std::vector<std::string> figures_of(const TextConfig& config) {
  switch (config.kind_of_output()) {
    case TextOutput::kRegression:
      return {"pearson", "spearman"};
    case TextOutput::kMultilabel:
      return {"micro_f1", "macro_f1", "accuracy", "precision", "recall"};
    case TextOutput::kClassification:
      break;
  }
  std::vector<std::string> figures = {"accuracy", "macro_f1", "micro_f1", "matthews", "f1", "precision", "recall"};
  if (config.glue == GlueTask::kCola || config.glue == GlueTask::kAx) {
    std::ranges::swap(figures[0], *std::ranges::find(figures, "matthews"));
  }
  return figures;
}

/// Labels that need no training data, if there are any.
std::vector<std::string> fixed_labels(const TextConfig& config) {
  if (config.glue) return glue_info(*config.glue).labels;
  if (config.output == TextOutput::kRegression) return {};
  return config.labels.empty() && config.labels_are_columns() ? config.label : config.labels;
}

}  // namespace

TextTask::TextTask(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer)
    : Task(std::move(definition)), tokenizer_(std::move(tokenizer)) {
  if (definition_.labels.empty()) definition_.labels = fixed_labels(config());
  const std::string& metric = definition_.config.metric;
  const std::vector<std::string> figures = figures_of(config());
  if (!metric.empty() && std::ranges::find(figures, metric) == figures.end()) {
    throw UsageError("task.metric: '{}' is no figure of this task; expected one of {}", metric,
                     fmt::join(figures, ", "));
  }
}

std::vector<std::filesystem::path> TextTask::files_in(const std::filesystem::path& folder, Part part) const {
  return files().files_in(folder, part);
}

std::string TextTask::expected_files(Part part) const {
  return files().expected_files(part);
}

void TextTask::settle_labels(const std::vector<std::filesystem::path>& training_files) {
  if (definition_.labels.empty() && config().kind_of_output() != TextOutput::kRegression) {
    std::vector<TextRecord> records;
    for (const auto& file : training_files) {
      TextFile content = files().read_whole(file, /*need_labels=*/true);
      std::ranges::move(content.records, std::back_inserter(records));
    }
    definition_.labels = infer_labels(records, config());
  }
  const std::string& metric = definition_.config.metric;
  const bool of_two_classes = metric == "f1" || metric == "precision" || metric == "recall";
  if (config().kind_of_output() == TextOutput::kClassification && of_two_classes && definition_.labels.size() != 2) {
    throw UsageError("task.metric: '{}' is of the second of two classes, but there are {}; macro_f1 is of all", metric,
                     definition_.labels.size());
  }
}

model::HeadConfig TextTask::head() const {
  switch (config().kind_of_output()) {
    case TextOutput::kRegression:
      return {.kind = model::HeadKind::kRegression, .num_labels = 1};
    case TextOutput::kMultilabel:
      return {.kind = model::HeadKind::kMultilabel, .num_labels = static_cast<std::int64_t>(definition_.labels.size())};
    case TextOutput::kClassification:
      break;
  }
  return {.kind = model::HeadKind::kClassification, .num_labels = static_cast<std::int64_t>(definition_.labels.size())};
}

std::string TextTask::metric() const {
  return definition_.config.metric.empty() ? figures_of(config()).front() : definition_.config.metric;
}

TextEncoding TextTask::encoding() const {
  return {*tokenizer_, definition_.config.max_sequence_length};
}

std::unique_ptr<DataSet> TextTask::load(const Source& source) const {
  TextFiles::Rows rows = files().read(source);
  if (source.part == Part::kTest && are_placeholders(rows.file.records, definition_.labels, config())) {
    rows.file.is_labelled = false;
  }
  return std::make_unique<TextDataSet>(definition_, source.file, std::move(rows), files().format_of(source.file),
                                       encoding());
}

bool TextTask::is_header(std::string_view first_line) const {
  return TextWindow::is_header(config(), first_line);
}

std::unique_ptr<RecordWindow> TextTask::open_window(RecordFormat format, std::string_view header,
                                                    std::string& out_header) const {
  auto window = std::make_unique<TextWindow>(config(), TextAnswers(config(), definition_.labels),
                                             TextWindow::Pairs::kTogether, format, header, encoding());
  out_header = window->out_header();
  return window;
}

}  // namespace albert::tasks
