#include "tasks/text/answer_files.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include <spdlog/fmt/fmt.h>

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/shown.h"
#include "config/fields.h"
#include "tasks/common/tab_columns.h"
#include "tasks/text/answers.h"
#include "tasks/text/files.h"
#include "tasks/text/glue_answers.h"
#include "tasks/text/labels.h"
#include "tasks/text/readers.h"

namespace albert::tasks {

namespace {

/// Classes by their labels.
class Classes {
 public:
  explicit Classes(const std::vector<std::string>& labels) : labels_(labels) {
    for (std::size_t i = 0; i < labels.size(); ++i) numbers_.emplace(labels[i], i);
  }

  /// Throws DataError for a label that is none of them.
  std::size_t operator()(const std::string& label, const Place& place) const {
    const auto found = numbers_.find(label);
    if (found != numbers_.end()) return found->second;
    const std::string near = config::nearest(label, labels_);
    throw DataError("{}: expected one of the labels {}, found '{}'{}", place.to_string(), listed(labels_),
                    shortened(label), near.empty() ? "" : fmt::format("; is it '{}'?", shortened(near)));
  }

 private:
  const std::vector<std::string>& labels_;
  std::unordered_map<std::string, std::size_t> numbers_;
};

/// How predicted sets of labels are read.
TextSettings settings_of_sets(const TextSettings& of_gold, const WrittenAnswers& written) {
  TextSettings settings = of_gold;
  settings.label = {kPredictionColumn};
  if (!written.are_lists) settings.label_separator = of_gold.prediction_separator();
  return settings;
}

void collect_labels(const std::vector<TextRecord>& records, const TextSettings& settings, std::set<std::string>& out) {
  for (const TextRecord& record : records) {
    const std::vector<std::string> labels = labels_of(record, settings, {});
    out.insert(labels.begin(), labels.end());
  }
}

/// Lists of labels in a column can be told apart if none of them holds what stands between them.
void check_separator(const std::vector<std::string>& labels, const std::string& separator, const std::string& file) {
  const auto found = std::ranges::find_if(labels, [&](const std::string& label) {
    return !separator.empty() && label.find(separator) != std::string::npos;
  });
  if (found == labels.end()) return;
  throw DataError(
      "{}: the label '{}' holds '{}', which stands between the labels of a prediction; have them written with another "
      "task.text.label_separator, or as JSON lines",
      file, shortened(*found), separator);
}

std::vector<LabelAnswer> read_classes(const std::vector<std::string>& labels, const WrittenAnswers& written) {
  const Classes class_of(labels);
  std::vector<LabelAnswer> answers;
  for (const TextRecord& record : written.records) {
    answers.push_back({.classes = {class_of(value_of(record), record.place)}});
  }
  return answers;
}

std::vector<LabelAnswer> read_label_sets(const TextSettings& of_gold, const std::vector<std::string>& labels,
                                         const WrittenAnswers& written) {
  const TextSettings settings = settings_of_sets(of_gold, written);
  if (!written.are_lists) check_separator(labels, settings.label_separator, written.file);
  const Classes class_of(labels);
  std::vector<LabelAnswer> answers;
  for (const TextRecord& record : written.records) {
    std::set<std::size_t> classes;
    for (const std::string& label : labels_of(record, settings, labels)) classes.insert(class_of(label, record.place));
    answers.push_back({.classes = {classes.begin(), classes.end()}});
  }
  return answers;
}

}  // namespace

TextFile read_gold_texts(const TextSettings& settings, const fs::path& file) {
  if (settings.glue) return TextFiles(settings).read_whole(file, /*need_labels=*/true);
  TextFormat format = TextFiles(settings).format_of(file);
  format.columns.first.clear();
  format.columns.second.clear();
  TextFile gold = read_texts(file, format, /*need_labels=*/true);
  if (settings.output == TextOutput::kClassification) check_first_row(gold.records, settings);
  return gold;
}

WrittenAnswers read_written_answers(const TextSettings& settings, const TextFile& gold, const ScoreFiles& files) {
  if (!settings.glue) return read_own_answers(settings, gold, files);
  return {.file = files.predictions.string(), .records = read_glue_answers(gold, files.predictions)};
}

std::vector<std::string> labels_of_files(const TextSettings& settings, const TextFile& gold,
                                         const WrittenAnswers& written) {
  if (settings.kind_of_output() == TextOutput::kRegression) return {};
  if (std::vector<std::string> labels = settings.fixed_labels(); !labels.empty()) return labels;
  if (!written.labels.empty()) return written.labels;
  std::set<std::string> labels;
  collect_labels(gold.records, settings, labels);
  std::set<std::string> predicted;
  collect_labels(written.records, settings_of_sets(settings, written), predicted);
  const bool any_known = std::ranges::any_of(predicted, [&](const auto& label) { return labels.contains(label); });
  if (!any_known && !predicted.empty()) {
    log_warning("{}: no prediction is a label of the gold file: {} beside {}", written.file,
                listed(in_order(predicted)), listed(in_order(labels)));
  }
  labels.merge(predicted);
  return in_order(labels);
}

std::vector<LabelAnswer> read_numbers(const WrittenAnswers& written) {
  std::vector<LabelAnswer> answers;
  for (const TextRecord& record : written.records) {
    answers.push_back({.value = number_of(record, "; each row of the gold file needs a prediction that is a number")});
  }
  return answers;
}

std::vector<LabelAnswer> answers_of_files(const TextSettings& settings, const std::vector<std::string>& labels,
                                          const WrittenAnswers& written) {
  switch (settings.kind_of_output()) {
    case TextOutput::kRegression:
      return read_numbers(written);
    case TextOutput::kMultilabel:
      return read_label_sets(settings, labels, written);
    case TextOutput::kClassification:
      break;
  }
  return read_classes(labels, written);
}

}  // namespace albert::tasks
