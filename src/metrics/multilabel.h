#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "metrics/match_scores.h"
#include "metrics/report.h"

namespace albert::metrics {

/// Counts of examples that have any number of C labels each.
class MultilabelCounts {
 public:
  explicit MultilabelCounts(std::int64_t num_labels) : labels_(static_cast<std::size_t>(num_labels)) {}

  /// Counts an example.
  /// \param gold, predicted [C] whether it has the label
  /// Throws InternalError for another number of labels.
  void add(const std::vector<bool>& gold, const std::vector<bool>& predicted);

  std::span<const MatchCounts> labels() const { return labels_; }  ///< [C]
  std::int64_t num_examples() const { return num_examples_; }
  std::int64_t num_correct() const { return num_correct_; }  ///< examples with all of their labels right and none else

 private:
  std::vector<MatchCounts> labels_;
  std::int64_t num_examples_ = 0;
  std::int64_t num_correct_ = 0;
};

/// The figures, with precision, recall and F1 of each label:
/// - accuracy: of whole sets of labels, as scikit-learn's accuracy_score
/// - macro_f1: the mean over all C labels
/// - micro_f1: of all decisions together
///
/// \param labels [C] their names
Report judge_multilabel(const MultilabelCounts& counts, std::span<const std::string> labels);

}  // namespace albert::metrics
