#include "tasks/text/data_set.h"

#include <algorithm>

#include "base/atomic_file.h"
#include "base/error.h"
#include "metrics/classification.h"
#include "metrics/correlation.h"
#include "metrics/multilabel.h"
#include "tasks/text/glue_predictions.h"
#include "tasks/text/rows.h"

namespace albert::tasks {

namespace {

Judgement judge_classes(const std::vector<model::Item>& items, const std::vector<TextAnswer>& answers,
                        std::span<const std::string> labels) {
  metrics::ConfusionMatrix matrix(static_cast<std::int64_t>(labels.size()));
  for (std::size_t i = 0; i < items.size(); ++i) {
    matrix.add(items[i].labels[0], static_cast<std::int64_t>(answers[i].classes[0]));
  }
  return metrics::judge_classification(matrix, labels);
}

Judgement judge_label_sets(const std::vector<model::Item>& items, const std::vector<TextAnswer>& answers,
                           std::span<const std::string> labels) {
  metrics::MultilabelCounts counts(static_cast<std::int64_t>(labels.size()));
  for (std::size_t i = 0; i < items.size(); ++i) {
    std::vector<bool> gold;
    for (const float value : items[i].values) gold.push_back(value > 0.5F);
    std::vector<bool> predicted(labels.size(), false);
    for (const std::size_t c : answers[i].classes) predicted[c] = true;
    counts.add(gold, predicted);
  }
  return metrics::judge_multilabel(counts, labels);
}

Judgement judge_numbers(const std::vector<model::Item>& items, const std::vector<TextAnswer>& answers) {
  std::vector<double> gold;
  std::vector<double> predicted;
  for (std::size_t i = 0; i < items.size(); ++i) {
    gold.push_back(items[i].values[0]);
    predicted.push_back(answers[i].value);
  }
  return metrics::judge_correlation(gold, predicted);
}

}  // namespace

TextDataSet::TextDataSet(const TaskDefinition& definition, const fs::path& file, TextFiles::Rows rows,
                         TextFormat format, TextEncoding encoding)
    : config_(definition.config.text),
      labels_(definition.labels),
      answers_(config_, labels_),
      format_(std::move(format)),
      name_(file.string()),
      header_(std::move(rows.file.header)),
      is_labelled_(rows.file.is_labelled),
      num_scores_(std::max<std::size_t>(1, labels_.size())) {
  const TextLabels labels(config_, labels_);
  for (TextRecord& record : rows.file.records) {
    model::Item item = encoding.encode(record);
    if (is_labelled_) labels.set(record, item);
    items_.push_back(std::move(item));
    rows_.push_back(std::move(config_.glue ? record.id : record.row));
  }
  notes_ = describe_rows(rows, encoding.num_truncated(), definition.config.max_sequence_length);
  scores_.resize(items_.size() * num_scores_);
  has_scores_.resize(items_.size());
}

void TextDataSet::take_scores(std::size_t index, std::span<const float> scores) {
  if (scores.size() != num_scores_) {
    throw InternalError("{} scores of an item of {}, expected {}", scores.size(), name_, num_scores_);
  }
  std::ranges::copy(scores, scores_.begin() + static_cast<std::ptrdiff_t>(index * num_scores_));
  has_scores_[index] = true;
}

TextAnswer TextDataSet::answer(std::size_t index) const {
  if (!has_scores_[index]) throw InternalError("item {} of {} has no scores", index, name_);
  return answers_.from_scores(std::span(scores_).subspan(index * num_scores_, num_scores_));
}

std::string TextDataSet::describe() const {
  return notes_;
}

Judgement TextDataSet::judge() const {
  if (!is_labelled_) throw InternalError("{} has no labels to judge by", name_);
  std::vector<TextAnswer> answers;
  for (std::size_t i = 0; i < items_.size(); ++i) answers.push_back(answer(i));
  switch (config_.kind_of_output()) {
    case TextOutput::kClassification:
      return judge_classes(items_, answers, labels_);
    case TextOutput::kMultilabel:
      return judge_label_sets(items_, answers, labels_);
    case TextOutput::kRegression:
      return judge_numbers(items_, answers);
  }
  throw InternalError("no output {}", static_cast<int>(config_.output));
}

void TextDataSet::write_predictions(const fs::path& file) const {
  if (config_.glue) {
    write_glue(file);
  } else {
    write_file_atomically(
        file, rows_with_answers(
                  answers_, format_.rows, header_, rows_, [this](std::size_t index) { return answer(index); }, name_));
  }
}

void TextDataSet::write_glue(const fs::path& file) const {
  std::vector<GluePrediction> predictions;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const TextAnswer found = answer(i);
    const bool is_number = config_.kind_of_output() == TextOutput::kRegression;
    predictions.push_back({rows_[i], is_number ? glue_similarity(found.value) : answers_.prediction(found)});
  }
  write_glue_predictions(file, predictions);
}

}  // namespace albert::tasks
