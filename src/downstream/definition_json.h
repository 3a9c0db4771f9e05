#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "downstream/downstream.h"

namespace albert::downstream {

/// What config.json of a fine-tuned model says of its task: a JSON object to be merged into it, with `architectures`
/// (if Transformers has a class for the head), `num_labels`, `id2label`, `label2id`, `problem_type`, and the task's
/// configuration under albert_cpp.task.
std::string definition_to_json(const TaskDefinition& definition, const model::HeadConfig& head);

/// The way back; nothing if the model was not fine-tuned by this program. \param source the file's name, for messages.
/// Throws ModelError.
std::optional<TaskDefinition> definition_from_json(std::string_view config_json, std::string_view source);

}  // namespace albert::downstream
