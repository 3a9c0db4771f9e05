#pragma once

#include <span>

#include "tasks/embedding/answers.h"
#include "tasks/embedding/settings.h"
#include "tasks/findings.h"
#include "tasks/fitting.h"
#include "tasks/text/record.h"

namespace albert::tasks {

/// Pairs of texts with their vectors.
/// \param answers [records of the file]
/// \param scored [records of the file] the items with their vectors [2, H]
PairFindings find_in_pairs(const EmbeddingSettings& settings, const TextFile& file,
                           std::span<const EmbeddingAnswer> answers, std::span<const ScoredItem> scored);

}  // namespace albert::tasks
