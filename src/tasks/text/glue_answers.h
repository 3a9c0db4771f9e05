#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "tasks/text/record.h"

/// The files that GLUE's leaderboard takes: columns `index` and `prediction`. A record is known by its column `index`
/// or `id`, else by its number from 0.
namespace albert::tasks {

/// A similarity of STS-B as it is submitted: within 0 to 5, three decimals.
std::string glue_similarity(double value);

/// Writes a submission file, whole or not at all. Throws IoError.
/// \param values [records] the label as the training data spell it, or the number
void write_glue_answers(const TextFile& file, std::span<const std::string> values, const std::filesystem::path& path);

/// Reads a submission file.
/// \return [records of the gold file, in their order], `labels` being what was predicted
/// Throws DataError if a record has no prediction or several, and for a prediction of no record.
std::vector<TextRecord> read_glue_answers(const TextFile& gold, const std::filesystem::path& path);

}  // namespace albert::tasks
