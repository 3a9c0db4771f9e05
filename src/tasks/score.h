#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "metrics/report.h"
#include "tasks/task.h"

namespace albert::tasks {

/// A file of predictions to be judged by the official metric of a task.
struct ScoreRequest {
  std::string task;  ///< one of score_tasks(), a YAML file like these, or the folder of a run
  ScoreFiles files = {};
  /// What files are like, and what of them is judged, over the recipe of the task: "task.tokens.conllu_tag=xpos"; see
  /// Settings::data_fields().
  std::vector<std::string> settings = {};
};

/// The names of the recipes in configs/finetune.
std::vector<std::string> score_tasks();

/// The `task` part of a configuration of `finetune`; what else it holds is not looked at.
/// \param name of a YAML file, or of a recipe of configs/finetune
/// Throws UsageError for an unknown name, a configuration without a task, and every mistake in it at once.
TaskConfig task_of_recipe(const std::filesystem::path& name);

/// The figures of a file of predictions, without a model: those that evaluation gave when it wrote the file.
/// Throws UsageError for an unknown task, for settings that are wrong, and for an option that has no effect with the
/// task; DataError for files that do not fit each other.
metrics::Report score(const ScoreRequest& request);

}  // namespace albert::tasks
