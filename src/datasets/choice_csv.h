#pragma once

#include <filesystem>

#include "datasets/choices.h"

namespace albert::datasets {

/// Reads comma-separated questions (RFC 4180) of two layouts: SWAG as distributed, whose header names startphrase,
/// sent1, sent2, ending0 ... ending3 and, but for the test data, label (from 0); and ARC without a header: question,
/// four choices, and the letter of the right one, or none in any row. Throws DataError.
ChoiceFile read_choice_csv(const std::filesystem::path& file);

}  // namespace albert::datasets
