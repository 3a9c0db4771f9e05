#pragma once

#include <span>

#include "tasks/choice/answers.h"
#include "tasks/choice/record.h"
#include "tasks/findings.h"

namespace albert::tasks {

/// Questions with their choices.
/// \param answers [records of the file]
ChoiceFindings find_in_choices(const ChoiceFile& file, std::span<const ChoiceAnswer> answers);

}  // namespace albert::tasks
