#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace albert::metrics {

/// How often each of C classes was taken for each: the counts that the figures of classification are made of.
class ConfusionMatrix {
 public:
  explicit ConfusionMatrix(std::int64_t num_classes);

  /// Counts an example.
  /// Throws InternalError for a class outside [0, C).
  void add(std::int64_t gold, std::int64_t predicted);

  std::int64_t num_classes() const { return num_classes_; }
  std::int64_t count(std::int64_t gold, std::int64_t predicted) const;
  std::int64_t num_gold(std::int64_t c) const;       ///< examples of class c
  std::int64_t num_predicted(std::int64_t c) const;  ///< examples taken for class c
  std::int64_t num_correct() const;
  std::int64_t num_examples() const { return num_examples_; }

 private:
  std::int64_t num_classes_;
  std::int64_t num_examples_ = 0;
  std::vector<std::int64_t> counts_;  ///< [C, C] by gold, predicted
};

/// For people: a row for each class of the gold labels, a column for each predicted one, which the row's number names.
/// A matrix of more than 20 classes is given as its most frequent confusions instead.
/// \param labels [C] names of the classes
std::string to_text(const ConfusionMatrix& matrix, std::span<const std::string> labels);

}  // namespace albert::metrics
