#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "datasets/text/format.h"
#include "metrics/report.h"

namespace albert::datasets {

/// A file of predictions to be judged by the official metric of a task.
struct ScoreOptions {
  std::string task;                   ///< one of score_tasks()
  std::filesystem::path gold;         ///< with what is right, in the task's public layout
  std::filesystem::path predictions;  ///< as its leaderboard takes them
  // Of some tasks only; each unset: its default there.
  std::optional<std::filesystem::path> null_odds;  ///< squad2: see AnswerFiles
  std::optional<double> null_threshold;            ///< squad2 with null_odds: see AnswerFiles
  std::optional<std::vector<std::string>> label;   ///< one's own texts: see TextScoreFiles
  std::optional<std::string> prediction;
  std::optional<std::string> separator;
  std::optional<HeaderRow> header;
  std::optional<std::string> encoding;  ///< of the gold file of texts or tags
};

/// The names of configs/finetune that have a metric of their own.
std::vector<std::string> score_tasks();

/// The figures of a file of predictions, without a model. Throws UsageError for an unknown task and for an option that
/// has no effect with it; DataError for files that do not fit each other.
metrics::Report score(const ScoreOptions& options);

}  // namespace albert::datasets
