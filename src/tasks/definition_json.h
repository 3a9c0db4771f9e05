#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tasks/definition.h"

/// A task as the config.json of a model folder tells it, whether `albert finetune` wrote it or Transformers.
namespace albert::tasks {

struct StoredDefinition {
  TaskDefinition definition = {};
  /// What the file does not say and was taken for granted, a clause each, for the log; empty for a model that
  /// `albert finetune` made.
  std::vector<std::string> assumed = {};
};

/// What config.json of a fine-tuned model says of its task: a JSON object to be merged into it, with `architectures`
/// (if Transformers has a class for the head), `num_labels`, `id2label`, `label2id`, `problem_type`, and the task's
/// configuration under albert_cpp.task.
std::string definition_to_json(const TaskDefinition& definition);

/// The task of a fine-tuned model. What `albert finetune` wrote under albert_cpp.task counts, unless the rest of the
/// file, which Transformers writes, tells of another head or other labels: then the model was fine-tuned anew by it. Of
/// that, and of a file without such an entry, TaskType::infer tells what it can.
/// \param source the file's name, for messages
/// \param max_length longest sequence in tokens that the model and its tokenizer take, where the file does not say what
///     the task had
/// \return nothing if the model was fine-tuned for no task. Throws ModelError.
std::optional<StoredDefinition> definition_from_json(std::string_view config_json, std::string_view source,
                                                     std::int64_t max_length);

/// Which Auto class of Transformers opens a fine-tuned folder, for the log.
std::string describe_auto_class(const TaskConfig& config);

/// The definition of a fine-tuned model with the settings of `--set KEY=VALUE` over it ("task.text.layout=sst2",
/// "task.question.show_n_best=true"): what the model's folder cannot know of the data it is used on, or what is to be
/// otherwise than in training. A list of labels (task.text.labels) gives the classes other names, in their order; so
/// may a layout of files, see Settings::rename_labels(). What was taken for what is added to `assumed`.
/// Throws UsageError listing every mistake, for labels of another number than the model's classes, and for names that
/// do not match.
StoredDefinition with_settings(StoredDefinition stored, const std::vector<std::string>& assignments);

// For TaskType::infer.

/// A text of config.json; empty if it is not there.
std::string text_of(const nlohmann::json& config, const char* key);

/// The names of id2label, or what Transformers calls classes that were not named ("LABEL_0").
/// Throws ModelError, naming `source`, for labels that are no list.
std::vector<std::string> labels_of(const nlohmann::json& config, std::string_view source);

}  // namespace albert::tasks
