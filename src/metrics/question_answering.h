#pragma once

#include <optional>
#include <span>
#include <vector>

#include "metrics/answers.h"
#include "metrics/report.h"

namespace albert::metrics {

/// A question and how well it was answered.
struct JudgedQuestion {
  AnswerScore score = {};
  bool has_answer = true;  ///< there is a gold answer
  bool answered = true;    ///< the prediction is not empty
};

/// exact_match and f1 in percent, as SQuAD 1.1 and CMRC 2018 report them.
Report judge_answers(std::span<const JudgedQuestion> questions);

/// The model's belief that a question has no answer, the larger the surer.
struct NullOdds {
  std::size_t question = 0;  ///< index among the questions
  double odds = 0;
};

/// What evaluate-v2.0.py is run with.
struct NoAnswerOptions {
  double threshold = 1.0;     ///< predictions with larger odds count as "no answer": --na-prob-thresh
  double answer_nothing = 0;  ///< the best threshold where it is best to answer nothing: 0 there, whatever the odds
};

/// The figures of SQuAD 2.0 (evaluate-v2.0.py), in percent:
/// - exact_match, f1
/// - has_answer_exact_match, has_answer_f1: the same of the questions that have an answer
/// - no_answer_exact_match, no_answer_f1: the same of those that have none
/// - best_exact_match, best_exact_match_threshold, best_f1, best_f1_threshold: given odds, the best that a threshold
///   would have given, with that threshold
///
/// \param odds in the order of their file, which decides among equal odds; at most one for a question, empty: none
///     known
Report judge_answers_or_none(std::span<const JudgedQuestion> questions, std::span<const NullOdds> odds,
                             const NoAnswerOptions& options = {});

/// The figure that "no answer above a threshold" would give, best over all thresholds.
struct BestThreshold {
  double score = 0;  ///< mean over the questions, in [0, 1]
  double threshold = 0;
};

/// find_best_thresh of evaluate-v2.0.py.
/// \param scores [Q] of the questions as predicted
/// \param answer_nothing see NoAnswerOptions
BestThreshold best_threshold(std::span<const JudgedQuestion> questions, std::span<const double> scores,
                             std::span<const NullOdds> odds, double answer_nothing = 0);

}  // namespace albert::metrics
