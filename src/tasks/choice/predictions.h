#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "metrics/report.h"

namespace albert::tasks {

/// What a model chose.
struct ChoicePrediction {
  std::string id;
  std::size_t choice = 0;
  std::vector<double> probabilities;  ///< of each choice
};

/// Writes tab-separated columns with a header: id, answer (a letter), and probability_A ... as many as the question
/// with the most choices has; whole or not at all.
void write_choice_predictions(const std::filesystem::path& file, std::span<const ChoicePrediction> predictions);

/// Right or wrong answers, counted.
class ChoiceCounts {
 public:
  /// \param group that is judged apart too; may be empty
  void add(bool is_right, const std::string& group);
  /// accuracy; and accuracy_GROUP for each group, in the order of their first questions.
  metrics::Report judge() const;

 private:
  metrics::Mean all_;
  std::vector<std::pair<std::string, metrics::Mean>> groups_;
};

/// The accuracy of a file of predictions: columns id and answer by a header, or two columns (tab or comma) without one,
/// as ARC's leaderboard takes them. \param gold what read_choices() reads, of which left_out does not count Throws
/// DataError for ids that are missing, unknown or there twice, and for what is no letter of a choice.
metrics::Report score_choices(const std::filesystem::path& gold, const std::filesystem::path& predictions);

}  // namespace albert::tasks
