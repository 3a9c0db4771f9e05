#pragma once

#include <filesystem>

#include "tasks/question/questions.h"

namespace albert::tasks {

/// Reads questions in SQuAD's layout, or from JSON lines where the file's name ends in .jsonl or .ndjson, or its
/// content tells; see parse_squad() and parse_question_lines(). Throws DataError.
Questions read_questions(const std::filesystem::path& file, MisplacedAnswers misplaced = MisplacedAnswers::kRefuse);

}  // namespace albert::tasks
