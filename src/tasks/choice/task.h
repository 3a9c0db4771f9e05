#pragma once

#include "tasks/task_type.h"

namespace albert::tasks {

/// The right one of several answers to a question: RACE (the folder train, dev or test, in the data's folder or in its
/// folder RACE), and ARC, SWAG or one's own in .csv and .jsonl files that are named after the part ("dev.jsonl",
/// "challenge_dev.csv"). Several files to train on are read as one, and stand for their folder.
const TaskType& multiple_choice_type();

}  // namespace albert::tasks
