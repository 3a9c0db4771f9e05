#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace albert::cli {

/// --set KEY=VALUE over the task that a model's folder tells of.
void add_task_settings(Command& command, std::vector<std::string>& settings);

}  // namespace albert::cli
