#pragma once

#include <filesystem>

#include "tasks/choice/choices.h"

namespace albert::tasks {

/// Reads a part of RACE as distributed: a folder with the folders middle and high (one may be absent), or one of these.
/// Each .txt file in them holds a JSON object, or several, with article, questions, options, answers (letters) and id.
/// Files are read in the order of their numbers, middle before high. The id of a question is that of its article, a
/// dash, and its number in it from 0. Throws DataError.
ChoiceFile read_race(const std::filesystem::path& folder);

}  // namespace albert::tasks
