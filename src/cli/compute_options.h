#pragma once

#include "cli/command.h"
#include "model/compute.h"

namespace albert::cli {

/// --device auto|cpu|cuda, --precision float32|bfloat16 (float32 is the default) and --threads N.
void add_compute_options(Command& command, model::ComputeConfig& compute);

}  // namespace albert::cli
