#include "tasks/definition.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <spdlog/fmt/ranges.h>

#include "metrics/calibration.h"
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
      unseen_labels(other.unseen_labels),
      class_weights(other.class_weights),
      label_smoothing(other.label_smoothing),
      temperature(other.temperature),
      type_(other.type_),
      settings_(other.settings_->clone()) {}

bool TaskConfig::needs_fitting() const {
  const config::WordOrNumbers* threshold = std::as_const(*settings_).decision_threshold();
  return !temperature.word.empty() || (threshold != nullptr && !threshold->word.empty());
}

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
    "the same examples");
  f("folds", folds,
    "cross-validation: parts into which the training data is divided by the examples' content, of which one is for "
    "evaluation and the others are for training; --folds trains on all in turn; 0: none",
    config::between(0, 1000));
  f("fold", fold, "the part for evaluation, from 1; 0: none", config::at_least(0));
  f("class_weights", class_weights,
    "how much the examples, or words, of each class count in training: balanced (n / (C n_c), as scikit-learn: rare "
    "classes count more; of multilabel texts without a label per text with it), or a list in the order of the labels "
    "(`weight` of torch.nn.CrossEntropyLoss; `pos_weight` of BCEWithLogitsLoss for multilabel); []: all alike",
    {kBalanced}, config::between(0, 1e6));
  f("label_smoothing", label_smoothing,
    "share of each target that training spreads over all classes alike (`label_smoothing` of "
    "torch.nn.CrossEntropyLoss)",
    config::between(0, 0.99));
  f("temperature", temperature,
    "what the scores are divided by before they become probabilities: 1, or fit, and training finds the one that makes "
    "the development data likeliest and stores it with the model (temperature scaling, arXiv 1706.04599)",
    {kFit}, config::between(metrics::kLowestTemperature, metrics::kHighestTemperature));
  f.group(type_->group, *settings_, type_->group_help);
  unseen_labels_field(f);  // the settings tell whether there are classes
}

void TaskConfig::unseen_labels_field(config::Fields& f) {
  if (!settings_->has_classes()) return;
  f.choice(
      "unseen_labels", unseen_labels,
      "what becomes of a label of evaluation data that training never saw: wrong (counts as wrong, with a warning) "
      "or refuse; while a model is trained, such data are refused",
      {{"wrong", UnseenLabels::kWrong}, {"refuse", UnseenLabels::kRefuse}});
}

void TaskConfig::data_fields(config::Fields& f) {
  if (settings_->has_data_fields()) {
    DataFields part{*settings_};
    f.group(type_->group, part, type_->group_help);
  }
  unseen_labels_field(f);
}

Share TaskConfig::share() const {
  if (folds == 0) return {0, held_out};
  const auto number = static_cast<double>(folds);
  return {static_cast<double>(fold - 1) / number, static_cast<double>(fold) / number, /*of_ranks=*/true};
}

void TaskConfig::check(config::Checks& c) const {
  if (!settings_->has_classes()) {
    const std::string why = fmt::format("has no effect on {}, which is given no classes to learn", type_->group_help);
    if (class_weights != config::WordOrNumbers()) c.fail("task.class_weights", why);
    if (label_smoothing != 0) c.fail("task.label_smoothing", why);
  }
  const std::vector<double>& weights = class_weights.numbers;
  if (!weights.empty() && std::ranges::all_of(weights, [](double weight) { return weight == 0; })) {
    c.fail("task.class_weights", "all weights are 0, so that nothing would be learnt");
  }
  if (!settings_->has_probabilities() && temperature != config::WordOrNumbers{.numbers = {1}}) {
    c.fail("task.temperature", fmt::format("has no effect on {}, which get no probabilities", type_->group_help));
  }
  if (temperature.word.empty() && temperature.numbers.size() != 1) {
    c.fail("task.temperature", fmt::format("expected {} or one number, found {}", kFit, temperature.numbers.size()));
  }
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
