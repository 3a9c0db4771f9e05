#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "metrics/report.h"
#include "tasks/choice/record.h"
#include "tasks/common/constant_guess.h"
#include "tasks/task.h"

namespace albert::tasks {

/// What a model chose, or a file of predictions.
struct ChoiceAnswer {
  std::size_t choice = 0;
  std::vector<double> probabilities = {};  ///< of each choice; empty where a file has none
};

/// accuracy; and accuracy_GROUP for each group, in the order of their first questions.
metrics::Report judge_choices(const ChoiceFile& file, std::span<const ChoiceAnswer> answers);

/// The places at which the right choice stands most often; the last one of questions with fewer choices.
/// \param file labelled
std::vector<ConstantGuess<ChoiceAnswer>> guess_choices(const ChoiceFile& file);

/// The choice as written_choice() has it, and the probability of each, apart by tabs.
/// \param if_unsaid here and below: the form where the question's file does not say
std::string choice_columns(const ChoiceQuestion& question, const ChoiceAnswer& answer, ChoiceForm if_unsaid);

/// `prediction`, a text or a number; the text of the `choice`; and `probabilities`.
nlohmann::ordered_json choice_json(const ChoiceQuestion& question, const ChoiceAnswer& answer, ChoiceForm if_unsaid);

/// Writes tab-separated columns with a header: id, answer, and probability_A ... as many as the question with the most
/// choices has; whole or not at all.
void write_choice_answers(const ChoiceFile& file, std::span<const ChoiceAnswer> answers, ChoiceForm if_unsaid,
                          const std::filesystem::path& path);

/// Reads columns id and answer by a header, or two columns (tab or comma) without one, as ARC's leaderboard takes them.
/// \param gold the questions that were answered, of which left_out does not count
/// Throws DataError for ids that are missing, unknown or there twice, and for what is no choice, see choice_of().
std::vector<ChoiceAnswer> read_choice_answers(const ChoiceFile& gold, const ScoreFiles& files);

}  // namespace albert::tasks
