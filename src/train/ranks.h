#pragma once

#include <string>

#include "model/compute.h"
#include "parallel/group.h"
#include "train/run.h"
#include "train/training_config.h"

/// How a training command begins, as one of several ranks or alone.
namespace albert::train {

/// How the ranks of a training watch for one another.
parallel::GroupOptions group_options(const TrainingConfig& config);
/// The options of a run that its launcher has started anew, as torchrun does after a rank was lost: it is resumed.
RunOptions resumed_after_restart(RunOptions options, const parallel::Group& ranks);
/// As model::set_up_compute(), with this rank's share of the host.
model::Compute set_up_compute(model::ComputeConfig& config, const parallel::Group& ranks);

/// Logs what a run starts with: the configuration, as config::Written::to_yaml() writes it with origins, and what
/// computes.
void log_start(const std::string& configuration, const model::Compute& compute, const parallel::Group& ranks);

}  // namespace albert::train
