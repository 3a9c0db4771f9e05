#pragma once

#include <span>

#include "tasks/task_type.h"

namespace albert::tasks {

/// All kinds of tasks; the first one is what a configuration has that names none. Whoever adds a kind adds a line here.
std::span<const TaskType* const> all_task_types();

}  // namespace albert::tasks
