#include "tasks/text/answers.h"

#include <nlohmann/json.hpp>
#include <spdlog/fmt/ranges.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/shown.h"
#include "metrics/classification.h"
#include "metrics/correlation.h"
#include "metrics/multilabel.h"
#include "tasks/common/json_object.h"
#include "tasks/common/tab_columns.h"
#include "tasks/text/labels.h"

namespace albert::tasks {

namespace {

/// \param labels those that the gold ones are of, of which the model has the first `num_classes`; so below
metrics::Report judge_classes(const TextLabels& gold, std::span<const std::string> labels, std::size_t num_classes,
                              const TextFile& file, std::span<const LabelAnswer> answers) {
  metrics::ConfusionMatrix matrix(static_cast<std::int64_t>(labels.size()));
  for (std::size_t i = 0; i < answers.size(); ++i) {
    matrix.add(gold.class_of(file.records[i]).value(), static_cast<std::int64_t>(answers[i].classes[0]));
  }
  return metrics::judge_classification(matrix, labels, num_classes);
}

metrics::Report judge_label_sets(const TextLabels& gold, std::span<const std::string> labels, const TextFile& file,
                                 std::span<const LabelAnswer> answers) {
  metrics::MultilabelCounts counts(static_cast<std::int64_t>(labels.size()));
  for (std::size_t i = 0; i < answers.size(); ++i) {
    std::vector<bool> predicted(labels.size(), false);
    for (const std::size_t c : answers[i].classes) predicted[c] = true;
    counts.add(gold.marks(file.records[i]), predicted);
  }
  return metrics::judge_multilabel(counts, labels);
}

metrics::Report judge_numbers(const TextFile& file, std::span<const LabelAnswer> answers) {
  std::vector<double> gold;
  std::vector<double> predicted;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    gold.push_back(number_of(file.records[i]));
    predicted.push_back(answers[i].value);
  }
  return metrics::judge_correlation(gold, predicted);
}

/// Both of the frequent ones, those that most texts have, and all: the first is good for exact sets, the last for recall.
std::vector<ConstantGuess<LabelAnswer>> guess_label_sets(const TextLabels& gold, std::span<const std::string> labels,
                                                         const TextFile& file) {
  std::vector<std::size_t> counts(labels.size());
  for (const TextRecord& record : file.records) {
    const std::vector<bool> marks = gold.marks(record);
    for (std::size_t c = 0; c < labels.size(); ++c) counts[c] += marks[c] ? 1 : 0;
  }
  std::vector<ConstantGuess<LabelAnswer>> guesses;
  const auto add = [&](std::string name, const auto& is_said) {
    LabelAnswer answer;
    for (std::size_t c = 0; c < labels.size(); ++c) {
      if (is_said(c)) answer.classes.push_back(c);
    }
    guesses.push_back({std::move(name), std::vector(file.records.size(), answer)});
  };
  for (const std::size_t best : most_frequent(counts)) {
    add(in_quotes(labels[best]), [best](std::size_t c) { return c == best; });
  }
  add("the labels that most texts have", [&](std::size_t c) { return counts[c] > file.records.size() / 2; });
  add("all labels", [](std::size_t) { return true; });
  return guesses;
}

void check_thresholds(const TextSettings& settings, const std::vector<std::string>& labels) {
  const TextSettings usual;
  if (labels.empty() || settings.threshold == usual.threshold) return;
  if (settings.kind_of_output() == TextOutput::kClassification && labels.size() != 2) {
    throw UsageError(
        "task.text.threshold: is of the second of two classes, but there are {}, of which the likeliest is chosen; "
        "leave it out",
        labels.size());
  }
  const std::size_t count = settings.threshold.numbers.size();
  if (count > 1 && count != labels.size()) {
    throw UsageError("task.text.threshold: expected one number, or one for each of the {} labels, found {}",
                     labels.size(), count);
  }
}

}  // namespace

LabelAnswers text_answers(const TaskConfig& config, const std::vector<std::string>& labels) {
  const auto& settings = config.as<TextSettings>();
  LabelRule rule{.temperature = config.temperature_in_use()};
  if (settings.threshold.word.empty()) rule.thresholds = settings.threshold.numbers;
  check_thresholds(settings, labels);
  return {settings.kind_of_output(), labels, std::move(rule), settings.prediction_separator()};
}

const std::string& value_of(const TextRecord& record) {
  if (record.labels.size() == 1 && !record.labels[0].empty()) return record.labels[0];
  throw DataError("{}: expected one value, found {}; score lists of labels as multilabel", record.place.to_string(),
                  record.labels.size() == 1 ? "an empty one" : std::to_string(record.labels.size()));
}

double number_of(const TextRecord& record, const std::string& if_missing) {
  const std::string& value = value_of(record);
  if (const auto number = written_number(value)) return *number;
  refuse_number(
      value, record.place, "",
      {.missing = if_missing, .first_line = "; if this row names the columns, set the task's header: present"});
}

metrics::Report judge_texts(const TextSettings& settings, const std::vector<std::string>& labels, const TextFile& file,
                            std::span<const LabelAnswer> answers) {
  if (settings.kind_of_output() == TextOutput::kRegression) return judge_numbers(file, answers);
  const std::vector<std::string> all_labels = with_unseen_labels(labels, file.records, settings);
  const TextLabels gold(settings, all_labels);
  if (settings.kind_of_output() == TextOutput::kMultilabel) return judge_label_sets(gold, all_labels, file, answers);
  return judge_classes(gold, all_labels, labels.size(), file, answers);
}

std::vector<ConstantGuess<LabelAnswer>> guess_texts(const TextSettings& settings,
                                                    const std::vector<std::string>& labels, const TextFile& file) {
  const TextLabels gold(settings, labels);
  switch (settings.kind_of_output()) {
    case TextOutput::kRegression:
      return {{"the same number", std::vector<LabelAnswer>(file.records.size())}};
    case TextOutput::kMultilabel:
      return guess_label_sets(gold, labels, file);
    case TextOutput::kClassification:
      break;
  }
  std::vector<std::size_t> counts(labels.size());
  for (const TextRecord& record : file.records) {
    if (const auto known = gold.class_of(record)) ++counts[static_cast<std::size_t>(*known)];
  }
  return guess_labels(labels, counts, file.records.size());
}

void check_text_answers(const LabelAnswers& writer, const TextFile& file) {
  if (file.rows == RowFormat::kJsonl) {
    const std::vector<std::string> members = writer.member_names();
    for (const TextRecord& record : file.records) check_new_members(members, record.row, record.place);
  }
  TableRow names;
  if (!TableReader(file.header, file.dialect, "").next(names)) return;
  check_new_columns(writer.column_names({}), names.fields,
                    {.file = file.records.front().place.file, .line = 1, .id = {}});
}

void write_text_answers(const LabelAnswers& writer, const TextFile& file, std::span<const LabelAnswer> answers,
                        const std::filesystem::path& path) {
  const TableDialect dialect = file.dialect;
  std::string out;
  if (!file.header.empty()) {
    const std::string_view separator(&dialect.separator, 1);
    out += fmt::format("{}{}{}\n", file.header, separator, fmt::join(writer.column_names(dialect), separator));
  }
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const std::string& row = file.records[i].row;
    if (file.rows == RowFormat::kJsonl) {
      out += add_json_members(row, writer.json_members(answers[i]));
    } else {
      out += row + dialect.separator + writer.columns(answers[i], dialect);
    }
    out += '\n';
  }
  write_file_atomically(path, out);
}

}  // namespace albert::tasks
