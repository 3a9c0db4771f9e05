#pragma once

#include <filesystem>

#include "tasks/task_config.h"

namespace albert::tasks {

/// The `task` part of a configuration of `finetune`; what else it holds is not looked at. \param name of a YAML file,
/// or of a recipe of configs/finetune. Throws UsageError for an unknown name, a configuration without a task, and every
/// mistake in it at once.
TaskConfig task_of_recipe(const std::filesystem::path& name);

}  // namespace albert::tasks
