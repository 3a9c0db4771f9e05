#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "metrics/confusion_matrix.h"
#include "metrics/match_scores.h"
#include "metrics/report.h"

namespace albert::metrics {

/// The share of right examples; nothing if there are no examples.
std::optional<double> accuracy(const ConfusionMatrix& matrix);

/// The counts of class c.
MatchCounts class_counts(const ConfusionMatrix& matrix, std::int64_t c);

/// The mean of the classes' F1. As in scikit-learn, classes that are neither in the gold labels nor predicted do not
/// count.
std::optional<double> macro_f1(const ConfusionMatrix& matrix);

/// Matthews' correlation coefficient for any number of classes (Gorodkin 2004, as in scikit-learn): in [-1, 1]. 0 where
/// it is undefined, that is, if all gold labels or all predictions are of one class.
std::optional<double> matthews(const ConfusionMatrix& matrix);

/// All of these, with the figures per class and the confusion matrix:
/// - accuracy
/// - f1, precision, recall: of class 1, where two classes can be predicted
/// - macro_f1
/// - micro_f1: equals the accuracy
/// - matthews
///
/// \param labels [C] names of the classes
/// \param num_predictable the first of them that can be predicted; the others are of gold labels alone
Report judge_classification(const ConfusionMatrix& matrix, std::span<const std::string> labels,
                            std::size_t num_predictable);
inline Report judge_classification(const ConfusionMatrix& matrix, std::span<const std::string> labels) {
  return judge_classification(matrix, labels, labels.size());
}

}  // namespace albert::metrics
