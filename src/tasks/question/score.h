#pragma once

#include <filesystem>

#include "metrics/report.h"

namespace albert::tasks {

/// Whose rule says how well an answer agrees with the gold ones.
enum class AnswerRule {
  kSquad1,  ///< evaluate-v1.1.py
  kSquad2,  ///< evaluate-v2.0.py: a question may have no answer, and an empty prediction says so
  kCmrc,    ///< cmrc2018_evaluate.py
};

/// Files of answers to be judged.
struct AnswerFiles {
  std::filesystem::path gold;         ///< with answers, see read_questions()
  std::filesystem::path predictions;  ///< {id: text}
  std::filesystem::path null_odds;    ///< {id: number}, for kSquad2; empty: none
  double null_threshold = 1.0;        ///< see metrics::NoAnswerOptions
};

/// The official score of a file of answers, in percent. As in the scripts, predictions of other questions do not count
/// (a warning says how many), and by kSquad1 and kCmrc a question without a prediction is answered wrongly (a warning
/// too).
/// Throws DataError if no prediction is of a question of the file, if by kSquad2 a question has no prediction or no
/// odds (there the script fails), and for a question without gold answers.
metrics::Report score_questions(AnswerRule rule, const AnswerFiles& files);

}  // namespace albert::tasks
