#pragma once

#include <filesystem>
#include <vector>

#include "metrics/report.h"
#include "tasks/text/glue.h"
#include "tasks/text/label_score.h"

namespace albert::tasks {

/// What a labelled file of GLUE says beside what a submission says of the same records, in the order of the file.
struct GlueAnswers {
  std::vector<PlacedValue> gold;
  std::vector<PlacedValue> predicted;
};

/// \param gold the labelled file as it is distributed, or JSON lines. Its records are known by the column `index` or
///        `id` where it has one, else by their number from 0.
/// \param predictions a submission file of GLUE: columns `index` and `prediction`
/// Throws DataError if a record has no prediction or several, and for a prediction of no record.
GlueAnswers read_glue_answers(GlueTask task, const std::filesystem::path& gold,
                              const std::filesystem::path& predictions);

/// The score of a submission, read by read_glue_answers(): Pearson and Spearman for STS-B, else the figures of
/// classification, Matthews' coefficient (CoLA, AX) and the F1 of class 1 (MRPC, QQP) among them. Throws DataError for
/// labels that the task does not have too.
metrics::Report score_glue(GlueTask task, const std::filesystem::path& gold, const std::filesystem::path& predictions);

}  // namespace albert::tasks
