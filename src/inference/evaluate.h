#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "inference/open_model.h"
#include "model/compute.h"
#include "tasks/task.h"

namespace albert::inference {

struct EvaluateOptions {
  std::filesystem::path model;
  std::vector<std::string> settings;        ///< what --set says over the model's task, see open_task_model()
  std::vector<std::filesystem::path> data;  ///< files, folders in the task's public layout, and patterns of them
  tasks::Part part = tasks::Part::kDevelopment;
  std::filesystem::path output;      ///< where the predictions go; empty: none are written
  bool overwrite = false;            ///< replace files that lie there
  std::int64_t batch_tokens = 4096;  ///< see ScoringOptions
  /// Evaluate the first file in the precisions that this processor predicts fast in, too, and note in the model's folder
  /// what they give: see MeasuredPrecisions.
  bool measures_precisions = false;
};

/// How the model did on one file.
struct FileReport {
  std::filesystem::path file;
  std::size_t num_examples = 0;
  /// Its figures begin with the loss, and end with the calibration error of the probabilities. Nothing for a file that
  /// does not say what is right.
  std::optional<tasks::Judgement> judgement;
  std::filesystem::path predictions;               ///< the file that was written; empty: none
  std::optional<tasks::GuessedFigure> guess = {};  ///< see DataSet::best_guess(); of a file with labels
};

/// Runs a fine-tuned model over a data set. With several files (both parts of MNLI) `output` gets the file's name added
/// to its own. All files are read, and all outputs checked, before anything is computed; see check_outputs().
/// \param take gets each file's report as soon as it is there
/// Throws UsageError, DataError, ModelError or IoError.
std::vector<FileReport> evaluate(const EvaluateOptions& options, const model::Compute& compute,
                                 const std::function<void(const FileReport&)>& take = {});

/// Warns if the figure that models are compared by is no better than that of a guess which never looks at its input. It
/// says whether another figure shows that the model has learnt something, as where classes are rare.
void warn_of_guess(const tasks::Task& task, const FileReport& report);

/// How an open model does on the files of a part, read as one data set: what evaluate() reports of a file, without
/// predictions.
FileReport evaluate_files(const TaskModelFolder& opened, const std::vector<std::filesystem::path>& files,
                          tasks::Part part);

/// A file that was evaluated, with its examples.
struct ExaminedFile {
  FileReport report;
  std::unique_ptr<tasks::DataSet> data;  ///< scored, with its texts
};

/// What evaluate() reports of a file, without predictions, and what it found there example by example.
ExaminedFile examine_file(const TaskModelFolder& opened, const std::filesystem::path& file, tasks::Part part);

/// The reports as JSON: {"examples": ..., "accuracy": ...}; with several files an object of such objects, by the files'
/// names, without extension where that tells them apart.
std::string to_json(const std::vector<FileReport>& reports);

}  // namespace albert::inference
