#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

/// Thresholds under which decisions by probabilities are best.
namespace albert::metrics {

/// The threshold above which to say yes, so that a figure is largest; of equally good ones the nearest to 0.5. It lies
/// midway between two probabilities, so that rounding changes no decision.
/// \param probabilities [N] of yes, in [0, 1]
/// \param accept takes a decision of which yes is said from now on, the most probable first; at first none is
/// \param value the figure as things stand
/// \return in [0, 1]
double best_threshold(std::span<const double> probabilities, const std::function<void(std::size_t)>& accept,
                      const std::function<double()>& value);

/// The threshold above which the second of two classes is chosen.
/// \param probabilities [N] of that class
/// \param is_second [N] what is right
/// \param figure accuracy, micro_f1, macro_f1, matthews or f1, see judge_classification(); of others f1 counts, which
///     precision and recall by themselves have no best threshold for
double best_class_threshold(std::span<const double> probabilities, const std::vector<bool>& is_second,
                            std::string_view figure);

/// The threshold from which on an example has a label, one for all labels.
/// \param probabilities [N, C]
/// \param has_label [N * C] what is right
/// \param figure accuracy, macro_f1 or micro_f1, see judge_multilabel(); of others micro_f1 counts
double best_label_threshold(std::span<const double> probabilities, const std::vector<bool>& has_label,
                            std::size_t num_labels, std::string_view figure);

}  // namespace albert::metrics
