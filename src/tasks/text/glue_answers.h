#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "tasks/text/format.h"
#include "tasks/text/record.h"

/// The files that GLUE's leaderboard takes: columns `index` and `prediction`. A record is known by its column `index`,
/// `id` or `idx`, else by its number from 0.
namespace albert::tasks {

/// The columns or members by which records are known.
inline const ColumnNames kIndexNames = {"index", "id", "idx"};

/// A similarity of STS-B as it is submitted: within 0 to 5, three decimals.
std::string glue_similarity(double value);

/// Predictions in the order of the records that they are of.
/// \param indices [predictions] by which they know the records
/// \param wanted [gold records] the same of these
/// \param gold the name of their file
/// \param hint more that a message says
/// Throws DataError if a record has no prediction or several, and for a prediction of no record.
std::vector<TextRecord> in_order_of(const std::vector<std::string>& wanted, std::vector<TextRecord> predictions,
                                    const std::vector<std::string>& indices, const std::string& gold,
                                    const std::string& hint = {});

/// Writes a submission file, whole or not at all. Throws IoError.
/// \param values [records] the label as the training data spell it, or the number
void write_glue_answers(const TextFile& file, std::span<const std::string> values, const std::filesystem::path& path);

/// Reads a submission file.
/// \return [records of the gold file, in their order], `labels` being what was predicted
/// Throws DataError if a record has no prediction or several, and for a prediction of no record.
std::vector<TextRecord> read_glue_answers(const TextFile& gold, const std::filesystem::path& path);

}  // namespace albert::tasks
