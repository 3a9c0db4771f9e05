#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/item.h"
#include "tasks/common/unseen_labels.h"
#include "tasks/text/record.h"
#include "tasks/text/settings.h"

namespace albert::tasks {

/// What files say of a text, as the numbers that the model learns.
class TextLabels {
 public:
  /// \param settings outlive the object
  /// \param labels by class; empty for regression
  TextLabels(const TextSettings& settings, std::vector<std::string> labels);

  /// Fills `labels` or `values` of the item by what the record says; a label that is not known says nothing.
  /// Throws DataError for what is no number where one is expected, and as labels_of() does.
  void set(const TextRecord& record, model::Item& item) const;
  /// The label of a record of kClassification, if it is known. Throws DataError as set() does.
  std::optional<std::int64_t> class_of(const TextRecord& record) const;
  /// Which labels a record of kMultilabel has. Throws DataError as set() does.
  std::vector<bool> marks(const TextRecord& record) const;

 private:
  const TextSettings& settings_;
  std::vector<std::string> labels_;
  std::map<std::string, std::size_t, std::less<>> classes_;
};

/// The labels of a record: one of kClassification, any number of kMultilabel. A list of these is one of JSON, or a text
/// that parse_written_list() reads; where it holds 0 and 1, one for each label, those with 1. Any other text is taken
/// apart at TextSettings::label_separator.
/// \param known labels by class; empty: not known yet
/// Throws DataError for labels that are empty, for a list where one label is expected, and for marks of other labels.
std::vector<std::string> labels_of(const TextRecord& record, const TextSettings& settings,
                                   const std::vector<std::string>& known);

/// Counts the labels of a file's records, unless each label is a column.
void count_text_labels(const TextFile& file, const TextSettings& settings, const std::vector<std::string>& known,
                       LabelCheck& labels);

/// The labels of a model, and behind them those of labelled records that it does not know, sorted.
std::vector<std::string> with_unseen_labels(const std::vector<std::string>& known,
                                            const std::vector<TextRecord>& records, const TextSettings& settings);

/// Columns given by number leave it to task.text.header whether the first row names them. Where that is left open too,
/// a class would be made of a row of names: throws DataError if it may be one.
void check_first_row(const std::vector<TextRecord>& records, const TextSettings& settings);

/// Labels in the order of their classes: by their values if all are whole numbers, else by their bytes.
std::vector<std::string> in_order(const std::set<std::string>& labels);

/// Whether all that the label column says is that labels are not known: it is empty or -1 in every row, and the model
/// has no such label.
bool are_placeholders(const std::vector<TextRecord>& records, const std::vector<std::string>& labels,
                      const TextSettings& settings);

/// The labels that records have in_order(), so that the same data give the same classes. Throws DataError if there are
/// fewer than two to choose from, and if the first row may hold the names of columns that are given by number.
std::vector<std::string> infer_labels(const std::vector<TextRecord>& records, const TextSettings& settings);

}  // namespace albert::tasks
