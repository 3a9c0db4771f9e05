#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "datasets/text/format.h"
#include "metrics/report.h"

namespace albert::datasets {

/// What is said of the texts of one's own files.
enum class TextJudgement { kClassification, kMultilabel, kRegression };

/// Files of one's own, in TSV, CSV (RFC 4180) or JSON lines by the ends of their names.
struct TextScoreFiles {
  std::filesystem::path gold;
  std::filesystem::path predictions;  ///< as many rows, in the same order; may be the same file
  /// Column of the label or number, by name or by number from 1. Several for multilabel: a column of 0 and 1 for each
  /// label, which it is named after.
  std::vector<std::string> label = {"label"};
  std::string prediction = "prediction";  ///< column of the prediction
  std::string separator = ",";            ///< between the labels of a column of multilabel; JSON has lists
  std::optional<HeaderRow> header = {};   ///< of tables; nothing: there is one if a column is given by name
  std::string encoding = "utf-8";         ///< of the gold file; predictions are in UTF-8, as they are written
};

/// The figures of classification, of sets of labels, or of regression. Labels are those that occur in either file.
/// Throws DataError for different numbers of rows, for columns that are not there, for what is no number,
/// and where it is not said whether a first row names the columns and it may.
metrics::Report score_texts(TextJudgement judgement, const TextScoreFiles& files);

}  // namespace albert::datasets
