#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "tasks/kind.h"
#include "tasks/question/record.h"

namespace albert::tasks {

/// Reads questions from a file, see parse_questions(). Throws IoError and DataError.
QuestionFile read_questions(const std::filesystem::path& file, MisplacedAnswers misplaced = MisplacedAnswers::kRefuse);

/// Reads questions from the content of a file in the layout of SQuAD 1.1 and 2.0, in which CMRC 2018 comes too:
///
///     {"data": [{"paragraphs": [{"context": ..., "qas": [{"id": ..., "question": ...,
///                "answers": [{"text": ..., "answer_start": ...}], "is_impossible": ...}]}]}]}
///
/// or from rows, each a question with its context: {"id": ..., "question": ..., "context": ..., "answers": ...,
/// "is_impossible": ...}. They are JSON lines, a list, or what `data` lists (as run_qa.py of Transformers has them).
/// The id of a row may be left out: then it is its number, of JSON lines that of the line. Questions about the same
/// context share it.
///
/// `answers` is a list of {"text", "answer_start"}, the {"text": [...], "answer_start": [...]} of Hugging Face's copy
/// of SQuAD, or a list of texts. answer_start counts characters; without it an answer's place is its first occurrence.
/// A question without `answers` is not labelled, unless it is impossible; one with an empty list has no answer. In
/// CMRC 2018 an answer that is no span of its context has the answer_start -1, and some starts are a few characters
/// off: see MisplacedAnswers.
/// \param file its name, for messages
/// Throws DataError naming the file and the question, the line, or the place in the JSON; also for an id that occurs
/// twice.
QuestionFile parse_questions(std::string_view content, const std::string& file,
                             MisplacedAnswers misplaced = MisplacedAnswers::kRefuse);

/// A row from a line; answers are not looked at. The id is empty where the line has none. Throws DataError.
Question parse_question_line(std::string_view line, const Place& place);

/// Reads questions from a stream. A line of kText is a question, a tab, and its context; of kTsv a row whose header
/// names `question` and `context`; of kJsonl an object as parse_question_line() takes it. Questions about the same
/// context share it where they follow each other.
/// \param header of kTsv
/// Throws DataError for a header without the columns.
StreamReader<Question> open_question_stream(RecordFormat format, std::string_view header);

}  // namespace albert::tasks
