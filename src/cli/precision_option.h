#pragma once

#include "cli/command.h"
#include "model/precision.h"

namespace albert::cli {

/// --precision float32|bfloat16, where float32 is the default.
void add_precision_option(Command& command, model::Precision& precision);

}  // namespace albert::cli
