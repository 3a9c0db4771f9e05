#pragma once

#include <filesystem>

#include "tasks/choice/choices.h"

namespace albert::tasks {

/// Reads comma-separated questions (RFC 4180) of two layouts: SWAG as distributed, whose header names startphrase,
/// sent1, sent2, ending0 ... ending3 and, but for the test data, label (from 0); and ARC without a header: question,
/// four choices, of which the last may be empty, and the letter or number of the right one, or none in any row. The
/// columns have no place for the fifth choice of some of ARC's questions: those with it as the right one are left out.
/// Throws DataError.
ChoiceFile read_choice_csv(const std::filesystem::path& path);

}  // namespace albert::tasks
