#include "tasks/score.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/file.h"
#include "config/configuration.h"
#include "config/recipes.h"
#include "tasks/definition.h"
#include "tasks/definition_json.h"

namespace albert::tasks {

namespace {

constexpr std::string_view kFolder = "finetune";  // its recipes are tasks

/// What of a task can be set here.
struct DataFields {
  TaskConfig& task;
  void fields(config::Fields& f) { task.data_fields(f); }
};

/// The same under the key that it has in the files of `finetune`.
struct ScoreSettings {
  TaskConfig task;

  void fields(config::Fields& f) {
    DataFields data{task};
    f.group("task", data, "what the files are like, and what of them is judged");
  }
  void check(config::Checks& c) const { task.check(c); }
};

TaskConfig with_data_settings(const TaskConfig& recipe, const std::vector<std::string>& assignments) {
  config::Configuration configuration;
  for (const std::string& assignment : assignments) configuration.add_assignment(assignment);
  return configuration.read(ScoreSettings{recipe}).task;
}

/// What files are like, some layouts leave open.
void refuse_settings_without_effect(const TaskConfig& recipe, const ScoreRequest& request) {
  const auto has_effect = [&settings = recipe.settings()](const std::string& assignment) {
    return settings.has_data_fields() || (settings.has_classes() && assignment.starts_with("task.unseen_labels="));
  };
  if (std::ranges::all_of(request.settings, has_effect)) return;
  throw UsageError(
      "--set has no effect on {}: it is for one's own texts, tagged words and embeddings, whose files may be of "
      "several layouts",
      request.task);
}

/// The labels of the model that a run has trained; none if it has no checkpoint, or is no run.
/// \param task the run's folder or its run.yaml, or another recipe
std::vector<std::string> labels_of_run(const std::filesystem::path& task) {
  const std::filesystem::path run = task.filename() == "run.yaml" ? task.parent_path() : task;
  for (const char* checkpoint : {"best", "latest"}) {
    const std::filesystem::path file = run / "checkpoints" / checkpoint / "config.json";
    if (!std::filesystem::is_regular_file(file)) continue;
    constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();
    if (auto stored = definition_from_json(read_file(file), file.string(), kNoLimit)) return stored->definition.labels;
  }
  return {};
}

void refuse_options_without_effect(const TaskConfig& task, const ScoreRequest& request) {
  const auto refuse = [&](bool is_set, bool has_effect, const char* option, const char* where) {
    if (is_set && !has_effect) throw UsageError("{} has no effect on {}: it is for {}", option, request.task, where);
  };
  const ScoreFiles& files = request.files;
  const ScoreOptions has_effect = task.settings().score_options();
  refuse(files.null_odds.has_value(), has_effect.null_odds, "--null-odds", "squad2");
  refuse(files.null_threshold.has_value(), has_effect.null_odds && files.null_odds, "--null-threshold",
         "squad2 with --null-odds");
  refuse(files.column.has_value(), has_effect.column, "--prediction", "one's own texts (layout: own)");
}

}  // namespace

std::vector<std::string> score_tasks() {
  std::vector<std::string> names;
  for (const config::Recipe& recipe : config::recipes()) {
    if (recipe.folder == kFolder) names.emplace_back(recipe.name);
  }
  return names;
}

TaskConfig task_of_recipe(const std::filesystem::path& name) {
  const config::Node whole = config::read_configuration(name, {kFolder});
  const config::Node* task = whole.find("task");
  if (task == nullptr) {
    throw UsageError("{} has no task: expected a configuration of `albert finetune`, or the name of a recipe",
                     name.string());
  }
  config::Node part;
  part.child("task") = *task;
  config::Configuration configuration;
  configuration.add_tree(std::move(part));
  return configuration.read<TaskPart>().task;
}

metrics::Report score(const ScoreRequest& request) {
  namespace fs = std::filesystem;
  const fs::path of_run = fs::path(request.task) / "run.yaml";
  const TaskConfig recipe = task_of_recipe(fs::is_regular_file(of_run) ? of_run : fs::path(request.task));
  refuse_settings_without_effect(recipe, request);
  const TaskConfig task = with_data_settings(recipe, request.settings);
  refuse_options_without_effect(task, request);
  const std::vector<std::string>* named = task.settings().labels();
  std::vector<std::string> labels = named && named->empty() ? labels_of_run(request.task) : std::vector<std::string>();
  return make_task({.config = task, .labels = std::move(labels)}, nullptr)->score(request.files);
}

}  // namespace albert::tasks
