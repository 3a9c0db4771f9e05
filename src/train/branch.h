#pragma once

#include <filesystem>
#include <string>

#include "checkpoint/training_checkpoint.h"
#include "train/objective.h"
#include "train/training_config.h"

/// A run that goes on from another one's checkpoint, its trunk, by a schedule of its own.
namespace albert::train {

/// \param path a run, of which the latest checkpoint counts, or a checkpoint
/// Throws UsageError if it is neither; ModelError if the checkpoint is damaged.
checkpoint::TrainingCheckpoint open_trunk(const std::filesystem::path& path);

/// \param run_yaml, start, objective the branch's settings, state before its first update, and what it learns
/// \return whether the examples are those of the trunk, so that the branch goes on where that was
/// Throws UsageError if the branch cannot go on from the trunk: it ends before, has another tokenizer, model or optimizer.
bool check_branch(const checkpoint::TrainingCheckpoint& trunk, const TrainingConfig& config,
                  const std::string& run_yaml, const checkpoint::TrainState& start, const Objective& objective);

}  // namespace albert::train
