#pragma once

#include "tasks/task_type.h"

namespace albert::tasks {

/// How two entities of a sentence are related: SemEval-2010 Task 8 (TRAIN_FILE.TXT and TEST_FILE_FULL.TXT, or
/// TEST_FILE.TXT, in the folder or in those in which they are distributed), or one's own, in .jsonl files that are
/// named after the part.
const TaskType& relation_type();

}  // namespace albert::tasks
