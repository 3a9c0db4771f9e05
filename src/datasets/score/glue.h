#pragma once

#include <filesystem>

#include "datasets/text/glue.h"
#include "metrics/report.h"

namespace albert::datasets {

/// The score of a submission file of GLUE (columns `index` and `prediction`): Pearson and Spearman for STS-B, else the
/// figures of classification, Matthews' coefficient (CoLA, AX) and the F1 of class 1 (MRPC, QQP) among them.
/// \param gold the labelled file as it is distributed, or MNLI's JSON lines. Its records are known by the column
///        `index` or `id` where it has one, else by their number from 0.
/// Throws DataError if a record has no prediction or several, for a prediction of no record, and for labels that the
/// task does not have.
metrics::Report score_glue(GlueTask task, const std::filesystem::path& gold, const std::filesystem::path& predictions);

}  // namespace albert::datasets
