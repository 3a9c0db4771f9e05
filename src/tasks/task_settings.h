#pragma once

#include <string>
#include <vector>

#include "tasks/definition_json.h"

namespace albert::tasks {

/// The definition of a fine-tuned model with the settings of `--set KEY=VALUE` over it ("task.text.layout=sst2",
/// "task.question.show_n_best=true"): what the model's folder cannot know of the data it is used on, or what is to be
/// otherwise than in training. A list of labels (task.text.labels) gives the classes other names, in their order. Under
/// a layout of GLUE the classes get the names that its files have for them: the same ones in lower or upper case; where
/// the files have numbers, the class's number; where the model has no names ("LABEL_0"), the order of Hugging Face's
/// data sets. What was taken for what is added to `assumed`. Throws UsageError listing every mistake, for labels of
/// another number than the model's classes, and for names that do not match.
StoredDefinition with_settings(StoredDefinition stored, const std::vector<std::string>& assignments);

}  // namespace albert::tasks
