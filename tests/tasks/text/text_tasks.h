#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/fake_tokenizer.h"
#include "tasks/task.h"
#include "tasks/text/settings.h"
#include "tasks/text/task.h"

namespace albert::tasks {

inline TextSettings of_glue(GlueTask task) {
  TextSettings settings;
  settings.glue = task;
  return settings;
}

inline TextSettings with_output(TextOutput output) {
  TextSettings settings;
  settings.output = output;
  return settings;
}

/// A task of texts over a vocabulary of numbers.
inline std::unique_ptr<Task> make_text_task(const TextSettings& settings, std::vector<std::string> labels = {},
                                            std::int64_t max_length = 16, std::string metric = {}) {
  TaskDefinition definition{.config = TaskConfig(text_type()), .labels = std::move(labels)};
  definition.config.as<TextSettings>() = settings;
  definition.config.max_sequence_length = max_length;
  definition.config.metric = std::move(metric);
  return make_task(std::move(definition), std::make_shared<testing::FakeTokenizer>());
}

}  // namespace albert::tasks
