#pragma once

#include "tasks/task_type.h"

namespace albert::tasks {

/// Texts as vectors whose cosine says how much they mean the same, learnt from pairs of texts. Files are those of text
/// tasks with two texts a row, see TextFiles.
const TaskType& embedding_type();

}  // namespace albert::tasks
