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

/// A model of the folder's shape with the head of a task, and nothing of the folder's weights: they have their first
/// values, which are a function of the seed. Its encoder is frozen where the configuration says so.
std::shared_ptr<model::TaskModel> make_model(const inference::ModelFolder& folder, const StartingModelConfig& config,
                                             const tasks::Task& task, const model::Compute& compute,
                                             std::uint64_t seed);

/// Gives the model what a fine-tuning starts from: the weights of the folder's encoder, and of its head where
/// `model.head` says so. Warns of what was taken and what is new.
/// Throws ModelError for a folder without an encoder's weights, UsageError if model.head is `take` and the folder has
/// no such head.
void take_weights(const inference::ModelFolder& folder, const StartingModelConfig& config, const tasks::Task& task,
                  const model::TaskModel& albert);

}  // namespace albert::train
