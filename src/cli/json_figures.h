#pragma once

#include "cli/command.h"

namespace albert::cli {

/// --json of a command whose result is a metrics::Report.
void add_json_figures(Command& command, bool& as_json);

}  // namespace albert::cli
