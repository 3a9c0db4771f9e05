#pragma once

#include "model/precision.h"

namespace CLI {
class App;
}

namespace albert::cli {

/// --precision float32|bfloat16, where float32 is the default.
void add_precision_option(CLI::App& command, model::Precision& precision);

}  // namespace albert::cli
