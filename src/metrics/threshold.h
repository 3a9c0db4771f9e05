#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

/// Thresholds under which decisions by probabilities are best.
namespace albert::metrics {

/// The threshold above which the second of two classes is chosen.
/// \param probabilities [N] of that class
/// \param is_second [N] what is right
/// \param figure accuracy, micro_f1, macro_f1, matthews or f1, see judge_classification(); for any other, f1 counts:
///     precision and recall alone have no best threshold
double best_class_threshold(std::span<const double> probabilities, const std::vector<bool>& is_second,
                            std::string_view figure);

/// The threshold from which on an example has a label, one for all labels.
/// \param probabilities [N, C]
/// \param has_label [N * C] what is right
/// \param figure accuracy, macro_f1 or micro_f1, see judge_multilabel(); of others micro_f1 counts
double best_label_threshold(std::span<const double> probabilities, const std::vector<bool>& has_label,
                            std::size_t num_labels, std::string_view figure);

}  // namespace albert::metrics
