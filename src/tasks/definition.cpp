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
      unseen_labels(other.unseen_labels),
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
    "name of the file that was divided so; training sets it, so that evaluation on the file takes the same examples");
  unseen_labels_field(f);
  f.group(type_->group, *settings_, type_->group_help);
}

void TaskConfig::unseen_labels_field(config::Fields& f) {
  if (!settings_->labels()) return;
  f.choice(
      "unseen_labels", unseen_labels,
      "what becomes of a label of evaluation data that training never saw: wrong (counts as wrong, with a warning) "
      "or refuse; while a model is trained, such data are refused",
      {{"wrong", UnseenLabels::kWrong}, {"refuse", UnseenLabels::kRefuse}});
}

void TaskConfig::data_fields(config::Fields& f) {
  unseen_labels_field(f);
  if (!settings_->has_data_fields()) return;
  DataFields part{*settings_};
  f.group(type_->group, part, type_->group_help);
}

void TaskConfig::check(config::Checks& c) const {
  settings_->check(c, fmt::format("task.{}.", type_->group));
}

std::string describe_model(const TaskType& type) {
  return fmt::format("a model {} (task.kind: {})", type.model, type.name);
}

}  // namespace albert::tasks
