#pragma once

#include <cstdint>

namespace albert::metrics {

/// What precision, recall and F1 are made of: of a class, of entities of a type, of a relation.
struct MatchCounts {
  std::int64_t correct = 0;    ///< predicted and right
  std::int64_t predicted = 0;  ///< predicted, right or wrong
  std::int64_t gold = 0;       ///< what there is to find: the support

  MatchCounts& operator+=(const MatchCounts& other);
};

/// Fractions in [0, 1].
struct MatchScores {
  double precision = 0;
  double recall = 0;
  double f1 = 0;
};

///     precision = correct / predicted
///     recall = correct / gold
///     F1 = their harmonic mean
///
/// What would be divided by nothing is 0, as in scikit-learn (zero_division="warn") and seqeval.
MatchScores scores_of(const MatchCounts& counts);

}  // namespace albert::metrics
