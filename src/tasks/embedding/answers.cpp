#include "tasks/embedding/answers.h"

#include <cmath>
#include <numeric>

#include "base/error.h"
#include "metrics/correlation.h"
#include "metrics/ranking.h"
#include "tasks/common/float_digits.h"
#include "tasks/embedding/partner_ranks.h"
#include "tasks/text/answers.h"

namespace albert::tasks {

namespace {

metrics::Report judge_cosines(const EmbeddingSettings& settings, const TextFile& file,
                              std::span<const EmbeddingAnswer> answers) {
  std::vector<double> gold;
  std::vector<double> predicted;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    gold.push_back(right_cosine(settings, file.records[i]));
    predicted.push_back(answers[i].cosine.value);
  }
  return metrics::judge_correlation(gold, predicted);
}

metrics::Report judge_ranks(std::span<const EmbeddingAnswer> answers) {
  std::vector<std::span<const float>> first;
  std::vector<std::span<const float>> second;
  for (const EmbeddingAnswer& answer : answers) {
    first.emplace_back(answer.first);
    second.emplace_back(answer.second);
  }
  const auto same_partner = [answers](std::size_t i, std::size_t j) {
    return answers[i].second_tokens == answers[j].second_tokens;
  };
  metrics::RankingMeans means({kRecallCutoffs.begin(), kRecallCutoffs.end()});
  for (const std::int64_t rank : partner_ranks(first, second, same_partner)) means.add({&rank, 1});
  return {.figures = means.figures()};
}

}  // namespace

EmbeddingAnswer embedding_answer(const EmbeddingSettings& settings, const model::Item& item,
                                 std::span<const float> scores) {
  const auto first = scores.first(scores.size() / 2);
  const auto second = scores.subspan(scores.size() / 2);
  EmbeddingAnswer answer;
  answer.cosine.value = float_digits(std::inner_product(second.begin(), second.end(), first.begin(), 0.0));
  if (!settings.seeks_partners()) return answer;
  answer.first.assign(first.begin(), first.end());
  answer.second.assign(second.begin(), second.end());
  answer.second_tokens = item.sequences[1].token_ids;
  return answer;
}

std::vector<LabelAnswer> cosines_of(std::span<const EmbeddingAnswer> answers) {
  std::vector<LabelAnswer> cosines;
  cosines.reserve(answers.size());
  for (const EmbeddingAnswer& answer : answers) cosines.push_back(answer.cosine);
  return cosines;
}

double target_cosine(double score, double max_score, const Place& place) {
  if (std::abs(score) <= max_score) return score / max_score;
  throw DataError(
      "{}: the score {} is beyond {}, that of texts which mean the same; correct it, or set task.embedding.max_score",
      place.to_string(), score, max_score);
}

double right_cosine(const EmbeddingSettings& settings, const TextRecord& record) {
  if (settings.objective == model::EmbeddingObjective::kClassification) {
    return value_of(record) == settings.similar ? 1 : 0;
  }
  return target_cosine(number_of(record), settings.max_score, record.place);
}

metrics::Report judge_embeddings(const EmbeddingSettings& settings, const TextFile& file,
                                 std::span<const EmbeddingAnswer> answers) {
  return settings.seeks_partners() ? judge_ranks(answers) : judge_cosines(settings, file, answers);
}

}  // namespace albert::tasks
