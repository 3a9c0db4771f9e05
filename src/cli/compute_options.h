#pragma once

#include <cstdint>

#include "cli/command.h"
#include "model/compute.h"

namespace albert::cli {

/// --device auto|cpu|cuda, --precision float32|bfloat16|int8 (float32 is the default) and --threads N.
void add_compute_options(Command& command, model::ComputeConfig& compute);

/// The same where --precision auto is possible, and the default: for inference::set_up_prediction().
void add_prediction_options(Command& command, model::ComputeConfig& compute);

/// --batch-tokens N: how many tokens go through the model together at most.
void add_batch_tokens(Command& command, std::int64_t& batch_tokens);

}  // namespace albert::cli
