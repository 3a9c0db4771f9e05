#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/text/record.h"
#include "downstream/text/config.h"
#include "model/item.h"

namespace albert::downstream {

/// What files say of a text, as the numbers that the model learns.
class TextLabels {
 public:
  /// \param config outlives the object \param labels by class; empty for regression
  TextLabels(const TextConfig& config, const std::vector<std::string>& labels);

  /// Fills `labels` or `values` of the item by what the record says. Throws DataError for a label that is not known,
  /// naming those that are, and for what is no number where one is expected.
  void set(const datasets::TextRecord& record, model::Item& item) const;

 private:
  std::size_t class_of(const std::string& label, const datasets::Place& place) const;

  const TextConfig& config_;
  std::vector<std::string> labels_;
  std::map<std::string, std::size_t, std::less<>> classes_;
};

/// Whether all that the label column says is that labels are not known: it is empty or -1 in every row, and the model
/// has no such label.
bool are_placeholders(const std::vector<datasets::TextRecord>& records, const std::vector<std::string>& labels,
                      const TextConfig& config);

/// The labels that records have, each once: by their values if all are whole numbers, else by their bytes, so that the
/// same data give the same classes. Throws DataError if there are fewer than two to choose from, and if the first row
/// may hold the names of columns that are given by number.
std::vector<std::string> infer_labels(const std::vector<datasets::TextRecord>& records, const TextConfig& config);

}  // namespace albert::downstream
