#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "metrics/report.h"
#include "tasks/text/config.h"
#include "tasks/text/record.h"

namespace albert::tasks {

/// Files of texts to be judged.
struct TextScoreFiles {
  std::filesystem::path gold;         ///< as training reads it
  std::filesystem::path predictions;  ///< in UTF-8; as many rows, in the same order; may be the same file
  /// Column of the prediction, by name or by number from 1. Nothing: as `evaluate` writes it, which is the column or
  /// member "prediction", or where no names are what stands behind the row's own columns.
  std::optional<std::string> column = {};
};

/// What one's own file says of texts beside what another one predicts.
struct TextComparison {
  std::vector<TextRecord> gold;
  std::vector<std::string> labels;    ///< that the predictions have probabilities of; empty: they name none
  std::vector<TextRecord> predicted;  ///< of the same texts; their `labels` are what was predicted
  RowFormat rows_of_predictions = RowFormat::kTsv;
};

/// Reads both files. Throws DataError for different numbers of rows, for columns that are not there, and where the
/// predictions repeat the rows of another file than the gold one.
TextComparison read_comparison(const TextConfig& config, const TextScoreFiles& files);

/// The figures of classification, of sets of labels, or of regression, as `evaluate` gives them. Labels are those of
/// the configuration, else those that the predictions have probabilities of, else those that occur in either file.
/// Throws DataError, also where labels hold what stands between them, so that nobody could tell them apart.
metrics::Report score_texts(const TextConfig& config, const TextScoreFiles& files);

}  // namespace albert::tasks
