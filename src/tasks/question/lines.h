#pragma once

#include <string>
#include <string_view>

#include "tasks/common/place.h"
#include "tasks/question/questions.h"

namespace albert::tasks {

/// Reads questions from the content of a file of JSON lines: {"id": ..., "question": ..., "context": ..., "answers":
/// ..., "is_impossible": ...}.
///
/// `id` may be left out: then it is the number of the line. `answers` is a list of {"text", "answer_start"} as in
/// SQuAD, the {"text": [...], "answer_start": [...]} of Hugging Face's copy of it, or a list of texts; without a start
/// an answer's place is its first occurrence. Lines with the same context share it.
/// \param file its name, for messages Throws DataError.
Questions parse_question_lines(std::string_view content, const std::string& file,
                               MisplacedAnswers misplaced = MisplacedAnswers::kRefuse);

/// A question to be answered.
struct QuestionRecord {
  std::string id;  ///< as in the record; empty if it has none
  std::string question;
  std::string context;
};

/// One line of such a file; answers are not looked at. Throws DataError.
QuestionRecord parse_question_record(std::string_view line, const Place& place);

}  // namespace albert::tasks
