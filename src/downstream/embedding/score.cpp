#include "downstream/embedding/score.h"

#include "base/error.h"
#include "datasets/score/glue.h"
#include "downstream/embedding/target.h"
#include "metrics/correlation.h"

namespace albert::downstream {

namespace {

using datasets::PlacedValue;

datasets::GlueAnswers read_answers(const EmbeddingConfig& config, const TextScoreFiles& files) {
  const TextConfig texts = config.text_files();
  if (texts.glue) return datasets::read_glue_answers(*texts.glue, files.gold, files.predictions);
  const TextComparison read = read_comparison(texts, files);
  return {.gold = datasets::values_of(read.gold), .predicted = datasets::values_of(read.predicted)};
}

double right_cosine(const EmbeddingConfig& config, const PlacedValue& value) {
  if (config.objective == model::EmbeddingObjective::kClassification) return value.value == config.similar ? 1 : 0;
  return target_cosine(datasets::number_of(value), config.max_score, value.place);
}

}  // namespace

metrics::Report score_embeddings(const EmbeddingConfig& config, const TextScoreFiles& files) {
  if (config.objective == model::EmbeddingObjective::kInBatchNegatives) {
    throw UsageError(
        "task.embedding.objective: in_batch_negatives is judged by where among all texts partners are, which no file "
        "of cosines says; `albert evaluate` computes it with the model");
  }
  const datasets::GlueAnswers answers = read_answers(config, files);
  std::vector<double> gold;
  std::vector<double> predicted;
  for (const PlacedValue& value : answers.gold) gold.push_back(right_cosine(config, value));
  for (const PlacedValue& value : answers.predicted) predicted.push_back(datasets::number_of(value));
  return metrics::judge_correlation(gold, predicted);
}

}  // namespace albert::downstream
