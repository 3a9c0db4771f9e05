#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace albert::cli {

/// --set KEY=VALUE over the task that a model's folder tells of.
void add_task_settings(CLI::App& command, std::vector<std::string>& settings);

}  // namespace albert::cli
