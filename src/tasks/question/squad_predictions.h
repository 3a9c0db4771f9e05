#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace albert::tasks {

/// One of the answers that a model holds likely.
struct LikelyAnswer {
  std::string text;        ///< empty: that there is none
  double probability = 0;  ///< among the answers of its list
  double start_score = 0;
  double end_score = 0;
};

/// What a model says of a question.
struct PredictedAnswer {
  std::string id;
  std::string text;                  ///< empty: it has no answer
  double null_odds = 0;              ///< of having no answer, see write_null_odds()
  std::vector<LikelyAnswer> n_best;  ///< the likeliest first
};

/// {id: text}: what evaluate-v1.1.py, evaluate-v2.0.py, cmrc2018_evaluate.py and their leaderboards take.
void write_answers(const std::filesystem::path& file, std::span<const PredictedAnswer> answers);

/// {id: [{"text", "probability", "start_logit", "end_logit"}]}, as nbest_predictions.json of google-research/bert
/// run_squad.py.
void write_n_best(const std::filesystem::path& file, std::span<const PredictedAnswer> answers);

/// {id: number}, the larger the surer that there is no answer: null_odds.json of the same, which evaluate-v2.0.py takes
/// as --na-prob-file.
void write_null_odds(const std::filesystem::path& file, std::span<const PredictedAnswer> answers);

}  // namespace albert::tasks
