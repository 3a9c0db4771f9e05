#include "tasks/embedding/score.h"

#include "base/error.h"
#include "metrics/correlation.h"
#include "tasks/embedding/target.h"
#include "tasks/text/glue_score.h"

namespace albert::tasks {

namespace {

GlueAnswers read_answers(const EmbeddingConfig& config, const TextScoreFiles& files) {
  const TextConfig texts = config.text_files();
  if (texts.glue) return read_glue_answers(*texts.glue, files.gold, files.predictions);
  const TextComparison read = read_comparison(texts, files);
  return {.gold = values_of(read.gold), .predicted = values_of(read.predicted)};
}

double right_cosine(const EmbeddingConfig& config, const PlacedValue& value) {
  if (config.objective == model::EmbeddingObjective::kClassification) return value.value == config.similar ? 1 : 0;
  return target_cosine(number_of(value), config.max_score, value.place);
}

}  // namespace

metrics::Report score_embeddings(const EmbeddingConfig& config, const TextScoreFiles& files) {
  if (config.objective == model::EmbeddingObjective::kInBatchNegatives) {
    throw UsageError(
        "task.embedding.objective: in_batch_negatives is judged by where among all texts partners are, which no file "
        "of cosines says; `albert evaluate` computes it with the model");
  }
  const GlueAnswers answers = read_answers(config, files);
  std::vector<double> gold;
  std::vector<double> predicted;
  for (const PlacedValue& value : answers.gold) gold.push_back(right_cosine(config, value));
  for (const PlacedValue& value : answers.predicted) predicted.push_back(number_of(value));
  return metrics::judge_correlation(gold, predicted);
}

}  // namespace albert::tasks
