#include "tasks/embedding/data_set.h"

#include <algorithm>

#include "base/atomic_file.h"
#include "base/error.h"
#include "metrics/correlation.h"
#include "metrics/ranking.h"
#include "tasks/embedding/partner_ranks.h"
#include "tasks/embedding/target.h"
#include "tasks/text/glue_predictions.h"
#include "tasks/text/labels.h"
#include "tasks/text/rows.h"

namespace albert::tasks {

namespace {

using model::EmbeddingObjective;

}  // namespace

EmbeddingDataSet::EmbeddingDataSet(const TaskDefinition& definition, const fs::path& file, TextFiles::Rows rows,
                                   RowFormat format, TextEncoding encoding)
    : config_(definition.config.embedding),
      format_(format),
      name_(file.string()),
      header_(std::move(rows.file.header)),
      is_labelled_(rows.file.is_labelled || seeks_partners()) {
  if (config_.objective == EmbeddingObjective::kClassification) {
    similar_ = std::ranges::find(definition.labels, config_.similar) - definition.labels.begin();
  }
  const TextConfig text_config = config_.text_files();
  const TextLabels labels(text_config, definition.labels);
  for (TextRecord& record : rows.file.records) {
    model::Item item = encoding.encode_apart(record);
    if (rows.file.is_labelled) labels.set(record, item);
    for (float& value : item.values) {
      value = static_cast<float>(target_cosine(value, config_.max_score, record.place));
    }
    items_.push_back(std::move(item));
    rows_.push_back(std::move(text_config.glue ? record.id : record.row));
  }
  notes_ = describe_rows(rows, encoding.num_truncated(), definition.config.max_sequence_length);
  cosines_.resize(items_.size());
  has_scores_.resize(items_.size());
}

void EmbeddingDataSet::take_scores(std::size_t index, std::span<const float> scores) {
  cosines_[index] = answers_.from_scores(scores);
  has_scores_[index] = true;
  if (!seeks_partners()) return;
  const std::size_t size = scores.size() / 2;
  first_.resize(items_.size() * size);
  second_.resize(items_.size() * size);
  const auto place = static_cast<std::ptrdiff_t>(index * size);
  std::ranges::copy(scores.first(size), first_.begin() + place);
  std::ranges::copy(scores.last(size), second_.begin() + place);
}

void EmbeddingDataSet::check_scored() const {
  const auto missing = std::ranges::find(has_scores_, false);
  if (missing != has_scores_.end()) {
    throw InternalError("item {} of {} has no scores", missing - has_scores_.begin(), name_);
  }
}

Judgement EmbeddingDataSet::judge() const {
  if (!is_labelled_) throw InternalError("{} has no labels to judge by", name_);
  check_scored();
  return seeks_partners() ? judge_ranks() : judge_cosines();
}

Judgement EmbeddingDataSet::judge_cosines() const {
  std::vector<double> gold;
  std::vector<double> predicted;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const bool is_similar = similar_ >= 0 && items_[i].labels[0] == similar_;
    gold.push_back(similar_ < 0 ? static_cast<double>(items_[i].values[0]) : is_similar ? 1.0 : 0.0);
    predicted.push_back(cosines_[i].value);
  }
  return metrics::judge_correlation(gold, predicted);
}

Judgement EmbeddingDataSet::judge_ranks() const {
  const auto same_partner = [this](std::size_t i, std::size_t j) {
    return items_[i].sequences[1].token_ids == items_[j].sequences[1].token_ids;
  };
  metrics::RankingMeans means({kRecallCutoffs.begin(), kRecallCutoffs.end()});
  for (const std::int64_t rank : partner_ranks(first_, second_, items_.size(), same_partner)) means.add({&rank, 1});
  return {.figures = means.figures()};
}

void EmbeddingDataSet::write_predictions(const fs::path& file) const {
  check_scored();
  if (config_.files.glue) {
    std::vector<GluePrediction> predictions;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      predictions.push_back({rows_[i], answers_.prediction(cosines_[i])});
    }
    write_glue_predictions(file, predictions);
    return;
  }
  write_file_atomically(
      file, rows_with_answers(
                answers_, format_, header_, rows_, [this](std::size_t index) { return cosines_[index]; }, name_));
}

}  // namespace albert::tasks
