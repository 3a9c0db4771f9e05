#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "metrics/match_scores.h"
#include "metrics/report.h"

namespace albert::metrics {

/// The nine relations of SemEval-2010 Task 8, without direction and without "Other".
std::span<const std::string_view> semeval_relations();

/// A label without its direction: "Cause-Effect" of "Cause-Effect(e2,e1)".
std::string_view relation_of(std::string_view label);

/// Counts of relations with a direction, "Cause-Effect(e1,e2)" or "Cause-Effect(e2,e1)", and of "Other".
class RelationCounts {
 public:
  /// Counts an example, by its labels.
  void add(std::string_view gold, std::string_view predicted);

  /// The counts by relation, without direction; "Other" is not among them. Correct is what has the right direction,
  /// predicted and gold count both directions.
  const std::map<std::string, MatchCounts, std::less<>>& relations() const { return relations_; }
  std::int64_t num_examples() const { return num_examples_; }
  std::int64_t num_correct() const { return num_correct_; }

 private:
  MatchCounts& counts_of(std::string_view label);

  std::map<std::string, MatchCounts, std::less<>> relations_;
  MatchCounts other_;
  std::int64_t num_examples_ = 0;
  std::int64_t num_correct_ = 0;
};

/// The figures of SemEval-2010 Task 8, "(9+1)-way with directionality":
/// - macro_f1: the official score, in percent: the mean F1 of the nine relations, Other left out; if some relations are
///   not among the nine, that of the relations that occur
/// - accuracy: a fraction, of all labels with their direction, Other among them
Report judge_relations(const RelationCounts& counts);

}  // namespace albert::metrics
