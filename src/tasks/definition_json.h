#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tasks/task.h"

namespace albert::tasks {

/// A task as the config.json of a model folder tells it.
struct StoredDefinition {
  TaskDefinition definition;
  /// What the file does not say and was taken for granted, a clause each, for the log; empty for a model that
  /// `albert finetune` made.
  std::vector<std::string> assumed = {};
};

/// What config.json of a fine-tuned model says of its task: a JSON object to be merged into it, with `architectures`
/// (if Transformers has a class for the head), `num_labels`, `id2label`, `label2id`, `problem_type`, and the task's
/// configuration under albert_cpp.task.
std::string definition_to_json(const TaskDefinition& definition);

/// The task of a fine-tuned model, whichever program made it. What `albert finetune` wrote under albert_cpp.task
/// counts, unless the rest of the file, which Transformers writes, tells of another head or other labels: then the
/// model was fine-tuned anew by it, as was one without such an entry; see infer_definition(). \return nothing if the
/// model was fine-tuned for no task \param source the file's name, for messages \param max_length longest sequence in
/// tokens that the model and its tokenizer take, where the file does not say what the task had. Throws ModelError.
std::optional<StoredDefinition> definition_from_json(std::string_view config_json, std::string_view source,
                                                     std::int64_t max_length);

}  // namespace albert::tasks
