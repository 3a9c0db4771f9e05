#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "config/fields.h"
#include "tasks/common/parts.h"
#include "tasks/common/unseen_labels.h"
#include "tasks/task_type.h"

namespace albert::tasks {

/// TaskConfig::class_weights by how often the training data has each class.
inline constexpr std::string_view kBalanced = "balanced";

/// TaskConfig::temperature that training finds on the development data.
inline constexpr std::string_view kFit = "fit";
/// Settings::decision_threshold() that training finds there: one by the figure that models are compared by, or one for
/// each label by the label's F1.
inline constexpr std::string_view kSearch = "search";
inline constexpr std::string_view kSearchEach = "search_each";

/// The `task` part of a fine-tuning configuration. It is stored with the fine-tuned model, so that evaluation and
/// prediction prepare text as training did.
class TaskConfig {
 public:
  std::string name;  ///< for people: "cola"
  std::int64_t max_sequence_length = 512;
  std::string metric;  ///< the figure by which models are compared; empty: the task's usual one
  double held_out = 0.1;
  std::string held_out_of;  ///< names, apart by slashes
  std::int64_t folds = 0;
  std::int64_t fold = 0;
  UnseenLabels unseen_labels = UnseenLabels::kWrong;  ///< where there are labels to choose from
  config::WordOrNumbers class_weights = {};           ///< kBalanced, or one for each label; no numbers: all count alike
  double label_smoothing = 0;
  config::WordOrNumbers temperature = {.numbers = {1}};  ///< a number, or kFit

  TaskConfig();
  /// With the defaults of a kind.
  explicit TaskConfig(const TaskType& type);
  TaskConfig(const TaskConfig& other);
  TaskConfig(TaskConfig&&) = default;
  TaskConfig& operator=(const TaskConfig& other) { return *this = TaskConfig(other); }
  TaskConfig& operator=(TaskConfig&&) = default;
  ~TaskConfig() = default;

  const TaskType& type() const { return *type_; }
  Settings& settings() { return *settings_; }
  const Settings& settings() const { return *settings_; }
  /// The settings as those of a kind. Throws InternalError if the task is of another one.
  template <typename KindSettings>
  KindSettings& as() {
    if (auto* settings = dynamic_cast<KindSettings*>(settings_.get())) return *settings;
    throw InternalError("the settings of a task of kind {} were taken for those of another kind", type_->name);
  }
  template <typename KindSettings>
  const KindSettings& as() const {
    return const_cast<TaskConfig*>(this)->as<KindSettings>();
  }

  /// Whether a temperature or threshold is left to development data, and is not found yet.
  bool needs_fitting() const;
  /// What scores are divided by before they become probabilities; 1 where it is yet to be found.
  double temperature_in_use() const { return temperature.word.empty() ? temperature.numbers.front() : 1; }
  /// What of a file that serves both training and evaluation is for evaluation.
  Share share() const;

  void fields(config::Fields& f);
  /// Settings::data_fields() under their own keys, and what becomes of labels.
  void data_fields(config::Fields& f);
  void check(config::Checks& c) const;

 private:
  void unseen_labels_field(config::Fields& f);

  const TaskType* type_;
  std::unique_ptr<Settings> settings_;
};

/// A task under the key that it has in the files of `finetune`.
struct TaskPart {
  TaskConfig task = {};

  void fields(config::Fields& f) { f.group("task", task, "what is asked of a text"); }
  void check(config::Checks& c) const { task.check(c); }
};

/// A task as a fine-tuned model folder remembers it.
struct TaskDefinition {
  TaskConfig config = {};
  /// By class; empty where the task has none (regression, question answering, choices).
  std::vector<std::string> labels = {};
};

/// "a model that answers questions from a text (task.kind: question)", for messages.
std::string describe_model(const TaskType& type);

}  // namespace albert::tasks
