#pragma once

#include <cstdint>
#include <string>

#include "tasks/choice/record.h"
#include "tasks/task_type.h"

namespace albert::tasks {

/// The `task.choice` part of a configuration: how a question and its choices become sequences.
struct ChoiceSettings : SettingsOf<ChoiceSettings> {
  std::int64_t max_choice_length = 128;
  std::string blank = {};
  ChoiceForm answers = ChoiceForm::kUnsaid;

  void fields(config::Fields& f) override;
  bool has_probabilities() const override { return true; }
  TransformersHead transformers_head() const override { return {.architecture = "AlbertForMultipleChoice"}; }
};

}  // namespace albert::tasks
