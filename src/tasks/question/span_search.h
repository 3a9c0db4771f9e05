#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "tasks/common/sliding_windows.h"

namespace albert::tasks {

/// Tokens of a sequence that may be the answer.
struct TokenSpan {
  std::size_t first = 0;
  std::size_t last = 0;  ///< included
  float start_score = 0;
  float end_score = 0;
};

/// What is looked at in a window's scores.
struct SpanSearch {
  TokenRange context;           ///< tokens of the sequence among which the answer lies
  std::size_t num_starts = 20;  ///< best starts that are looked at
  std::size_t num_ends = 20;    ///< best ends, with the joint head those of each start
  std::size_t max_answer_length = 30;
};

/// Indices of the largest values, largest first and of equals the first; all if there are not so many.
std::vector<std::size_t> best_indices(std::span<const float> values, std::size_t count);

/// Pairs of a best start and a best end that make a span of the context of allowed length, with the model's scores
/// (google-research/bert run_squad.py, write_predictions): the best are taken among all tokens, and those outside of
/// the context are dropped after that. In the order of starts, then of ends.
/// \param scores [2, L] of model::HeadKind::kQuestionAnswering
std::vector<TokenSpan> find_spans(std::span<const float> scores, const SpanSearch& search);

/// Every pair of a start and an end that makes a span of the context of allowed length: what there is to choose from
/// where all of the best starts or ends lie in the question. Arguments as of find_spans(). In the order of starts, then
/// of ends.
std::vector<TokenSpan> all_spans(std::span<const float> scores, const SpanSearch& search);

/// The same as find_spans() for the joint head, with log probabilities in place of scores (google-research/albert
/// squad_utils.py, accumulate_predictions_v2).
/// \param scores [(1 + K) L + 1] of model::HeadKind::kJointQuestionAnswering without labels
/// \param length L
std::vector<TokenSpan> find_joint_spans(std::span<const float> scores, std::size_t length, const SpanSearch& search);

}  // namespace albert::tasks
