#pragma once

#include "tasks/task_type.h"

namespace albert::tasks {

/// A label, several labels or a number for a text or a pair of texts: the tasks of GLUE, and one's own in tables or
/// JSON lines. See TextSettings, and TextFiles for where files are.
const TaskType& text_type();

}  // namespace albert::tasks
