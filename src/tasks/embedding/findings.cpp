#include "tasks/embedding/findings.h"

namespace albert::tasks {

PairFindings find_in_pairs(const EmbeddingSettings& settings, const TextFile& file,
                           std::span<const EmbeddingAnswer> answers, std::span<const ScoredItem> scored) {
  PairFindings findings;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const TextRecord& record = file.records[i];
    const std::span<const float> vectors = scored[i].scores;
    const auto first = vectors.first(vectors.size() / 2), second = vectors.subspan(vectors.size() / 2);
    PairFindings::Example example{.place = record.place,
                                  .first = record.first,
                                  .second = record.second.value_or(""),
                                  .cosine = answers[i].cosine.value,
                                  .gold = {},
                                  .first_vector = {first.begin(), first.end()},
                                  .second_vector = {second.begin(), second.end()}};
    if (!settings.seeks_partners()) example.gold = right_cosine(settings, record);
    findings.examples.push_back(std::move(example));
  }
  return findings;
}

}  // namespace albert::tasks
