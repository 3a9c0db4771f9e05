#include "tasks/definition.h"

#include <string_view>
#include <utility>

#include <spdlog/fmt/ranges.h>

#include "tasks/registry.h"

namespace albert::tasks {

namespace {

/// The data_fields() of settings, as a component.
struct DataFields {
  Settings& settings;
  void fields(config::Fields& f) { settings.data_fields(f); }
};

std::string help_of_kinds() {
  std::vector<std::string> asked;
  for (const TaskType* type : all_task_types()) asked.push_back(fmt::format("{} ({})", type->name, type->asked));
  return fmt::format("what is asked: {}", fmt::join(asked, ", "));
}

}  // namespace

TaskConfig::TaskConfig() : TaskConfig(*all_task_types().front()) {}

TaskConfig::TaskConfig(const TaskType& type) : type_(&type), settings_(type.make_settings()) {}

TaskConfig::TaskConfig(const TaskConfig& other)
    : name(other.name),
      max_sequence_length(other.max_sequence_length),
      metric(other.metric),
      held_out(other.held_out),
      held_out_of(other.held_out_of),
      folds(other.folds),
      fold(other.fold),
      type_(other.type_),
      settings_(other.settings_->clone()) {}

void TaskConfig::fields(config::Fields& f) {
  std::vector<std::pair<std::string_view, const TaskType*>> types;
  for (const TaskType* type : all_task_types()) types.emplace_back(type->name, type);
  const TaskType* const before = type_;
  f.choice("kind", type_, help_of_kinds(), types);
  if (type_ != before) settings_ = type_->make_settings();
  f("name", name, "of the task, for people");
  f("max_sequence_length", max_sequence_length,
    "longest sequence in tokens, with the special ones; what is longer is cut or read in windows", config::at_least(8));
  f("metric", metric, "the figure by which models are compared; empty: the task's usual one");
  f("held_out", held_out,
    "share of the training file that is kept for evaluation where there is no file for it, chosen by the examples' "
    "content; 0: none",
    config::between(0, 0.9));
  f("held_out_of", held_out_of,
    "names of the files that were divided so, apart by slashes; training sets it, so that evaluation on a file takes "
    "the "
    "same examples");
  f("folds", folds,
    "cross-validation: parts into which the training data is divided by the examples' content, of which one is for "
    "evaluation and the others are for training; --folds trains on all in turn; 0: none",
    config::between(0, 1000));
  f("fold", fold, "the part for evaluation, from 1; 0: none", config::at_least(0));
  f.group(type_->group, *settings_, type_->group_help);
}

void TaskConfig::data_fields(config::Fields& f) {
  if (!settings_->has_data_fields()) return;
  DataFields part{*settings_};
  f.group(type_->group, part, type_->group_help);
}

Share TaskConfig::share() const {
  if (folds == 0) return {0, held_out};
  const auto number = static_cast<double>(folds);
  return {static_cast<double>(fold - 1) / number, static_cast<double>(fold) / number, /*of_ranks=*/true};
}

void TaskConfig::check(config::Checks& c) const {
  if (folds == 1) c.fail("task.folds", "one fold leaves nothing to train on; give at least 2");
  if ((folds == 0) != (fold == 0) || fold > folds) {
    c.fail("task.fold", fmt::format("expected a fold from 1 to task.folds, found {} of {}", fold, folds));
  }
  settings_->check(c, fmt::format("task.{}.", type_->group));
}

std::string describe_model(const TaskType& type) {
  return fmt::format("a model {} (task.kind: {})", type.model, type.name);
}

}  // namespace albert::tasks
