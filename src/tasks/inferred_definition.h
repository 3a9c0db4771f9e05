#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "tasks/definition_json.h"

namespace albert::tasks {

/// How Transformers describes the head of a task.
struct TransformersHead {
  std::string_view architecture;       ///< the class; AlbertModel where it has none for the head
  std::string_view problem_type = {};  ///< how AlbertForSequenceClassification reads its labels; empty for the others
};
TransformersHead transformers_head(const TaskConfig& config);

/// Which Auto class of Transformers opens a fine-tuned folder, for the log.
std::string describe_auto_class(const TaskConfig& config);

/// Whether a config.json describes another head, or other labels, than `definition`.
bool tells_of_another_task(const nlohmann::json& config, const TaskDefinition& definition, std::string_view source);

/// The task of a model that Transformers fine-tuned, from `architectures`, `id2label`, `num_labels`, `problem_type`:
/// nothing for a class without a task's head. Texts are single, in one's own files with the columns `text` and `label`;
/// tags are entities if they read so (B-X, I-X, O); every question has an answer; lengths are those of Transformers'
/// own examples. Each of these is among `assumed`. \param max_length of a sequence in tokens Throws ModelError, naming
/// `source`, for labels that are no list, and for several numbers a text.
std::optional<StoredDefinition> infer_definition(const nlohmann::json& config, std::string_view source,
                                                 std::int64_t max_length);

}  // namespace albert::tasks
