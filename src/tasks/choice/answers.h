#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "metrics/report.h"
#include "tasks/choice/record.h"
#include "tasks/task.h"

namespace albert::tasks {

/// What a model chose, or a file of predictions.
struct ChoiceAnswer {
  std::size_t choice = 0;
  std::vector<double> probabilities = {};  ///< of each choice; empty where a file has none
};

/// accuracy; and accuracy_GROUP for each group, in the order of their first questions.
metrics::Report judge_choices(const ChoiceFile& file, std::span<const ChoiceAnswer> answers);

/// The letter of the choice, and the probability of each, apart by tabs.
std::string choice_columns(const ChoiceAnswer& answer);

nlohmann::ordered_json choice_json(const ChoiceQuestion& question, const ChoiceAnswer& answer);

/// Writes tab-separated columns with a header: id, answer (a letter), and probability_A ... as many as the question
/// with the most choices has; whole or not at all.
void write_choice_answers(const ChoiceFile& file, std::span<const ChoiceAnswer> answers,
                          const std::filesystem::path& path);

/// Reads columns id and answer by a header, or two columns (tab or comma) without one, as ARC's leaderboard takes them.
/// \param gold the questions that were answered, of which left_out does not count
/// Throws DataError for ids that are missing, unknown or there twice, and for what is no letter of a choice.
std::vector<ChoiceAnswer> read_choice_answers(const ChoiceFile& gold, const ScoreFiles& files);

}  // namespace albert::tasks
