#pragma once

#include <filesystem>
#include <string_view>

#include "tasks/choice/choices.h"

namespace albert::tasks {

/// Reads questions from JSON lines: {"context": ..., "question": ..., "choices": [...], "label": ...}.
///
/// `context` and `id` may be left out. The label is the number of the right choice, from 0, or its letter. What ARC and
/// CommonsenseQA are distributed as is read too: choices as a list of {"label", "text"} or as {"label": [...], "text":
/// [...]}, a question that is an object of "stem" and "choices", and "answerKey" with the label of a choice. Throws
/// DataError, for an id that occurs twice too.
ChoiceFile read_choice_lines(const std::filesystem::path& path);

/// One line of such a file. \param with_label otherwise no label is looked for Throws DataError, see check_question()
/// too.
ChoiceQuestion parse_choice_line(std::string_view line, const Place& place, bool with_label);

}  // namespace albert::tasks
