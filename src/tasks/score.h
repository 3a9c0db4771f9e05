#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "metrics/report.h"

namespace albert::tasks {

/// A file of predictions to be judged by the official metric of a task.
struct ScoreOptions {
  std::string task;                   ///< one of score_tasks(), or a YAML file like these
  std::filesystem::path gold;         ///< with what is right, as training reads it
  std::filesystem::path predictions;  ///< as the task's leaderboard takes them, and as DataSet writes them
  /// "task.tokens.conllu_tag=xpos": what files are like, and what of them is judged, over the recipe of this name; see
  /// TaskConfig::data_fields().
  std::vector<std::string> settings = {};
  // Of some tasks only; each unset: its default there.
  std::optional<std::filesystem::path> null_odds = {};  ///< squad2: see AnswerFiles
  std::optional<double> null_threshold = {};            ///< squad2 with null_odds: see AnswerFiles
  std::optional<std::string> prediction = {};           ///< one's own texts: see TextScoreFiles::column
};

/// The names of the recipes of configs/finetune.
std::vector<std::string> score_tasks();

/// The figures of a file of predictions, without a model: those that evaluation gave when it wrote the file. Throws
/// UsageError for an unknown task, for settings that are wrong, and for an option that has no effect with the task;
/// DataError for files that do not fit each other.
metrics::Report score(const ScoreOptions& options);

}  // namespace albert::tasks
