#pragma once

#include "metrics/report.h"
#include "tasks/embedding/config.h"
#include "tasks/text/score.h"

namespace albert::tasks {

/// The correlations of predicted cosines with the scores of their pairs, or with 1 for pairs of the label
/// EmbeddingConfig::similar, else 0. Files are those of the layout: a submission of GLUE, or as for score_texts().
/// Throws DataError; UsageError for kInBatchNegatives: where partners are among all texts, no file of cosines says.
metrics::Report score_embeddings(const EmbeddingConfig& config, const TextScoreFiles& files);

}  // namespace albert::tasks
