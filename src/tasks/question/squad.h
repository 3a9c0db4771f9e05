#pragma once

#include <string>
#include <string_view>

#include "tasks/question/questions.h"

namespace albert::tasks {

/// Reads questions from the content of a file in the layout of SQuAD 1.1 and 2.0, in which CMRC 2018 comes too:
///
///     {"data": [{"paragraphs": [{"context": ..., "qas": [{"id": ..., "question": ...,
///                "answers": [{"text": ..., "answer_start": ...}], "is_impossible": ...}]}]}]}
///
/// answer_start counts characters. A question without `answers` is not labelled; one with an empty list has no answer.
/// In CMRC 2018 an answer that is no span of its context has the answer_start -1, and some starts are a few characters
/// off: see MisplacedAnswers. Throws DataError naming the file and the question or the place in the JSON; also for an
/// id that occurs twice.
Questions parse_squad(std::string_view content, const std::string& file,
                      MisplacedAnswers misplaced = MisplacedAnswers::kRefuse);

}  // namespace albert::tasks
