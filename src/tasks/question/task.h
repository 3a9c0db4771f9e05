#pragma once

#include "tasks/task_type.h"

namespace albert::tasks {

/// Questions that are answered by a span of a text: SQuAD 1.1 and 2.0, CMRC 2018 (each by the names of its files), and
/// one's own in JSON lines, in a file that is named after the part ("dev.jsonl").
const TaskType& question_type();

}  // namespace albert::tasks
