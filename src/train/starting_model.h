#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "inference/open_model.h"
#include "model/task_model.h"
#include "tasks/task.h"
#include "train/finetune_config.h"

namespace albert::train {

/// Why the head of a model that was fine-tuned for one task says nothing in another; nothing if it means the same: the
/// same kind of head, with the same labels in the same order, for the same kind of data.
std::optional<std::string> why_head_differs(const tasks::Task& was, const tasks::Task& is);

/// The model that a fine-tuning starts from: the encoder of the folder, and its head where `model.head` says so; what
/// is not taken has its first values, which are a function of the seed. Warns of what was taken and what is new.
/// \param load false leaves all at their first values, for a run that is resumed Throws ModelError for a folder without
/// an encoder's weights, UsageError if model.head is `take` and the folder has no such head.
std::shared_ptr<model::TaskModel> start_model(const inference::ModelFolder& folder, const StartingModelConfig& config,
                                              const tasks::Task& task, const model::Compute& compute,
                                              std::uint64_t seed, bool load);

}  // namespace albert::train
