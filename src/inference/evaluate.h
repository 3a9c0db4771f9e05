#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/compute.h"
#include "tasks/task.h"

namespace albert::inference {

struct EvaluateOptions {
  std::filesystem::path model;
  std::vector<std::string> settings;  ///< what --set says over the model's task, see open_task_model()
  std::filesystem::path data;         ///< a file, or a folder in the task's public layout
  tasks::Part part = tasks::Part::kDevelopment;
  std::filesystem::path output;      ///< where the predictions go; empty: none are written
  std::int64_t batch_tokens = 4096;  ///< see ScoringOptions
};

/// How the model did on one file.
struct FileReport {
  std::filesystem::path file;
  std::size_t num_examples = 0;
  /// Its figures begin with the loss, and end with the calibration error of the probabilities. Nothing for a file that
  /// does not say what is right.
  std::optional<tasks::Judgement> judgement;
  std::filesystem::path predictions;  ///< the file that was written; empty: none
};

/// Runs a fine-tuned model over a data set. With several files (both parts of MNLI) `output` gets the file's name added
/// to its own; one that is a file of the data set is a UsageError before anything is computed.
/// \param take gets each file's report as soon as it is there: a later file may be bad
/// Throws UsageError, DataError, ModelError or IoError.
std::vector<FileReport> evaluate(const EvaluateOptions& options, const model::Compute& compute,
                                 const std::function<void(const FileReport&)>& take = {});

/// The reports as JSON: {"examples": ..., "accuracy": ...}; with several files an object of such objects, by the files'
/// names, without extension where that tells them apart.
std::string to_json(const std::vector<FileReport>& reports);

}  // namespace albert::inference
