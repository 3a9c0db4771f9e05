#pragma once

#include "tasks/task_type.h"

namespace albert::tasks {

/// A tag for every word: entities, parts of speech. A folder has a file for each part, see find_tagged_file().
const TaskType& tokens_type();

}  // namespace albert::tasks
