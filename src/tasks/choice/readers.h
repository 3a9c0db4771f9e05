#pragma once

#include <filesystem>
#include <string_view>

#include "tasks/choice/record.h"
#include "tasks/kind.h"

namespace albert::tasks {

/// Reads a part of RACE (a folder), ARC or SWAG (CSV), or JSON lines, told apart by what is there. Throws DataError
/// naming file, line or question, expected and found; for empty texts too, and if only some questions are labelled.
ChoiceFile read_choices(const std::filesystem::path& path);

/// Reads comma-separated questions (RFC 4180) of two layouts:
///
/// - SWAG as distributed, whose header names startphrase, sent1, sent2, ending0 ... ending3 and, but for the test data,
///   label (from 0);
/// - ARC without a header: question, four choices, of which the last may be empty, and the letter or number of the
///   right one, or none in any row. The columns have no place for the fifth choice of some of ARC's questions: those
///   with it as the right one are left out.
///
/// Throws DataError.
ChoiceFile read_choice_csv(const std::filesystem::path& path);

/// Reads questions from JSON lines: {"context": ..., "question": ..., "choices": [...], "label": ...}.
///
/// `context` and `id` may be left out. The label is the number of the right choice, from 0, or its letter. What ARC and
/// CommonsenseQA are distributed as is read too: choices as a list of {"label", "text"} or as {"label": [...], "text":
/// [...]}, a question that is an object of "stem" and "choices", and "answerKey" with the label of a choice. Throws
/// DataError, for an id that occurs twice too.
ChoiceFile read_choice_lines(const std::filesystem::path& path);

/// One line of such a file.
/// \param with_label otherwise no label is looked for
/// Throws DataError, see check_question() too.
ChoiceQuestion parse_choice_line(std::string_view line, const Place& place, bool with_label);

/// Reads a part of RACE as distributed: a folder with the folders middle and high (one may be absent), or one of these.
/// Each .txt file in them holds a JSON object, or several, with article, questions, options, answers (letters) and id.
/// Files are read in the order of their numbers, middle before high. The id of a question is that of its article, a
/// dash, and its number in it from 0. Throws DataError.
ChoiceFile read_race(const std::filesystem::path& folder);

/// Reads questions from a stream. A line of kText is a context, which may be empty, the question, and two or more
/// choices, apart by tabs; of kTsv a row whose header names `question`, `context` (if there is one), and the choices
/// `choice_A`, `choice_B` ... in any order, or by other names that begin with "choice" in theirs; of kJsonl an object
/// as read_choice_lines() takes it.
/// \param header of kTsv
/// Throws DataError for a header without the columns.
StreamReader<ChoiceQuestion> open_choice_stream(RecordFormat format, std::string_view header);

/// Whether a folder is a part of RACE as distributed (train, dev or test): it has the folders middle or high, of .txt
/// files, or is one of these.
bool is_race_folder(const std::filesystem::path& folder);

}  // namespace albert::tasks
