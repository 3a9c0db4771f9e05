#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "metrics/report.h"
#include "model/item.h"
#include "tasks/common/label_answers.h"
#include "tasks/embedding/settings.h"
#include "tasks/text/record.h"

namespace albert::tasks {

/// The k of recall@k.
inline constexpr std::array<std::int64_t, 3> kRecallCutoffs = {1, 5, 10};

/// What a model says of a pair of texts, or a file of predictions.
struct EmbeddingAnswer {
  LabelAnswer cosine = {};
  // To find partners, see EmbeddingSettings::seeks_partners(); else empty.
  std::vector<float> first = {};   ///< [H] the vector of the first text, of length 1
  std::vector<float> second = {};  ///< [H]
  std::vector<std::int32_t> second_tokens = {};
};

/// The answer that scores give.
/// \param item of the pair
/// \param scores [2, H] vectors of length 1
EmbeddingAnswer embedding_answer(const EmbeddingSettings& settings, const model::Item& item,
                                 std::span<const float> scores);

/// The cosines of answers.
std::vector<LabelAnswer> cosines_of(std::span<const EmbeddingAnswer> answers);

/// The score of a pair as the cosine that it should have.
/// \param max_score of texts that mean the same
/// Throws DataError for a score beyond it.
double target_cosine(double score, double max_score, const Place& place);

/// The cosine that a labelled pair should have: that of its score, or 1 for a pair of the label
/// EmbeddingSettings::similar and else 0. Throws DataError for what is no number where one is expected.
double right_cosine(const EmbeddingSettings& settings, const TextRecord& record);

/// Pairs with a score or label are judged by the correlation of the cosine with it (with 1 for pairs of the label
/// EmbeddingSettings::similar, else 0), pairs without by where among all second texts the first one finds its partner.
/// \param answers [records of the file]
metrics::Report judge_embeddings(const EmbeddingSettings& settings, const TextFile& file,
                                 std::span<const EmbeddingAnswer> answers);

}  // namespace albert::tasks
