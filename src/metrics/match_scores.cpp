#include "metrics/match_scores.h"

namespace albert::metrics {

namespace {

double ratio(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

}  // namespace

MatchCounts& MatchCounts::operator+=(const MatchCounts& other) {
  correct += other.correct;
  predicted += other.predicted;
  gold += other.gold;
  return *this;
}

MatchScores scores_of(const MatchCounts& counts) {
  return {.precision = ratio(counts.correct, counts.predicted),
          .recall = ratio(counts.correct, counts.gold),
          .f1 = ratio(2 * counts.correct, counts.predicted + counts.gold)};
}

}  // namespace albert::metrics
