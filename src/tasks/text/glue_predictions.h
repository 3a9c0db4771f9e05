#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "tasks/text/glue.h"

namespace albert::tasks {

/// A row of a submission file.
struct GluePrediction {
  std::string index;  ///< the record's id; empty: its number from 0
  std::string value;  ///< the label as the training data spell it, or the number
};

/// The name that GLUE's leaderboard wants for the predictions of a test file: "CoLA.tsv", "MNLI-mm.tsv", "AX.tsv".
/// \param test_file test.tsv, test_matched.tsv, diagnostic.tsv ...
std::string glue_submission_name(GlueTask task, const std::filesystem::path& test_file);

/// All files of a submission.
std::vector<std::string> glue_submission_names();

/// A similarity of STS-B as it is submitted: within 0 to 5, three decimals.
std::string glue_similarity(double value);

/// Writes the columns `index` and `prediction`, whole or not at all. Throws IoError.
void write_glue_predictions(const std::filesystem::path& file, std::span<const GluePrediction> predictions);

}  // namespace albert::tasks
