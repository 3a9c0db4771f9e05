#pragma once

#include <span>

#include "tasks/findings.h"
#include "tasks/question/answers.h"
#include "tasks/question/record.h"
#include "tasks/question/settings.h"

namespace albert::tasks {

/// Questions with the answers that are judged; with settings.no_answer those that are given by the threshold.
/// \param answers [records of the file]
QuestionFindings find_in_questions(const QuestionSettings& settings, const QuestionFile& file,
                                   std::span<const QuestionAnswer> answers);

}  // namespace albert::tasks
