#pragma once

#include "model/compute.h"

namespace CLI {
class App;
}

namespace albert::cli {

/// --device auto|cpu|cuda, --precision float32|bfloat16 (float32 is the default) and --threads N.
void add_compute_options(CLI::App& command, model::ComputeConfig& compute);

}  // namespace albert::cli
