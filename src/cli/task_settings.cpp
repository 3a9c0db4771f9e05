#include "cli/task_settings.h"

#include <CLI/CLI.hpp>

namespace albert::cli {

void add_task_settings(CLI::App& command, std::vector<std::string>& settings) {
  command
      .add_option("--set", settings,
                  "KEY=VALUE over the task that the model's folder tells of, as in --set task.text.layout=sst2; may be "
                  "repeated")
      ->allow_extra_args(false);
}

}  // namespace albert::cli
