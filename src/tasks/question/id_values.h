#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace albert::tasks {

/// The members of a JSON object of texts, {id: text}, in the order of the file: answers as SQuAD's and CMRC's
/// leaderboards take them.
/// Throws IoError; DataError naming the file and the id, also one that occurs twice, or the place that is no valid
/// JSON.
std::vector<std::pair<std::string, std::string>> read_texts_by_id(const std::filesystem::path& file);

/// The same of numbers, {id: number}: null_odds.json.
std::vector<std::pair<std::string, double>> read_numbers_by_id(const std::filesystem::path& file);

}  // namespace albert::tasks
