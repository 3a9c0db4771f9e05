#include <algorithm>
#include <cctype>
#include <cmath>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/shown.h"
#include "config/configuration.h"
#include "tasks/definition_json.h"

namespace albert::tasks {

namespace {

using Labels = std::vector<std::string>;

void rename(StoredDefinition& stored, const Labels& names, std::string_view key) {
  Labels& labels = stored.definition.labels;
  if (names.size() != labels.size()) {
    throw UsageError("{}: {} names for the {} classes of the model: {}", key, names.size(), labels.size(),
                     listed(labels));
  }
  if (names == labels) return;
  if (std::ranges::is_permutation(names, labels)) {
    throw UsageError("{}: the classes of the model are in another order, {}: other names would exchange its answers",
                     key, listed(labels));
  }
  Labels pairs;
  for (std::size_t i = 0; i < names.size(); ++i) pairs.push_back(fmt::format("'{}' is '{}'", labels[i], names[i]));
  stored.assumed.push_back(fmt::format("of the model's labels {}", fmt::join(pairs, ", ")));
  labels = names;
}

/// Whether a clause of `assumed` is about a setting, which it names by its key, or behind another of the group by the
/// key's end. The layout says all of the files of a text task.
bool is_about(std::string_view clause, std::string_view key) {
  const std::size_t dot = key.rfind('.');
  const bool has_group = clause.find(key.substr(0, dot + 1)) != std::string_view::npos;
  const bool has_end = clause.find(fmt::format(" {},", key.substr(dot))) != std::string_view::npos ||
                       clause.find(fmt::format(" {})", key.substr(dot))) != std::string_view::npos;
  const bool has_key = clause.find(fmt::format("{},", key)) != std::string_view::npos ||
                       clause.find(fmt::format("{})", key)) != std::string_view::npos;
  return has_key || (has_group && (has_end || key == "task.text.layout"));
}

/// Throws for what only a training does.
void check_is_for_use(const TaskConfig& before, const TaskConfig& after) {
  if (after.needs_fitting() && !before.needs_fitting()) {
    throw UsageError(
        "--set: a threshold is searched, and a temperature fitted, while a model is trained; give a number here");
  }
  if (after.class_weights != before.class_weights || after.label_smoothing != before.label_smoothing) {
    throw UsageError(
        "--set: task.class_weights and task.label_smoothing are for training only: evaluations report the plain loss");
  }
}

/// A threshold is one of probabilities under the temperature that it was stored with: under another one the same
/// decisions have another, unless the settings give one too.
void keep_decisions(const TaskConfig& before, TaskConfig& after, const Labels& assignments) {
  config::WordOrNumbers* threshold = after.settings().decision_threshold();
  const auto is_set = [](const std::string& assignment) {
    return assignment.substr(0, assignment.find('=')).ends_with(".threshold");
  };
  if (!threshold || before.needs_fitting() || std::ranges::any_of(assignments, is_set)) return;
  const double ratio = before.temperature_in_use() / after.temperature_in_use();
  if (ratio == 1) return;
  for (double& value : threshold->numbers) value = 1 / (1 + std::pow(1 / value - 1, ratio));
}

/// What is said by a setting is no longer assumed.
void drop_settled(Labels& assumed, const Labels& assignments) {
  for (const std::string& assignment : assignments) {
    const std::string_view key = std::string_view(assignment).substr(0, assignment.find('='));
    if (key.find('.') == std::string_view::npos) continue;
    std::erase_if(assumed, [key](const std::string& clause) { return is_about(clause, key); });
  }
}

}  // namespace

StoredDefinition with_settings(StoredDefinition stored, const std::vector<std::string>& assignments) {
  if (assignments.empty()) return stored;
  config::Configuration configuration;
  for (const std::string& assignment : assignments) configuration.add_assignment(assignment);
  const TaskConfig before = stored.definition.config;
  TaskConfig after = configuration.read(TaskPart{before}).task;
  check_is_for_use(before, after);
  keep_decisions(before, after, assignments);
  stored.definition.config = after;
  drop_settled(stored.assumed, assignments);
  if (const Labels* names = after.settings().labels(); names && !names->empty()) {
    const Labels* old = before.settings().labels();
    if (!old || *old != *names) rename(stored, *names, "the labels of --set");
  }
  if (&before.type() == &after.type()) {
    rename(stored, after.settings().rename_labels(stored.definition.labels, before.settings()), "task.text.layout");
  }
  return stored;
}

}  // namespace albert::tasks
