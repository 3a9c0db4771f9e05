#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "train/run.h"
#include "train/series.h"

namespace albert::train {

/// What `albert finetune` is told on its command line.
struct FinetuneOptions {
  RunOptions run;
  std::filesystem::path model;              ///< over model.path of the configuration
  std::vector<std::filesystem::path> data;  ///< over data.path and data.more_paths
  SeriesOptions series;
};

/// How a fine-tuning ended.
struct FinetuneResult {
  SeriesSummary summary;  ///< of all runs that were begun
  int signal = 0;         ///< the one that ended it before its end, or 0
};

/// Reads the configuration alone.
/// Throws UsageError for what is wrong with it.
void check_finetune_config(const FinetuneOptions& options);

/// Fine-tunes a model on a task: once, or in several runs one after another, each in a folder of the run directory.
/// Stops at a signal; after the last of several runs, runs.json tells of all (see SeriesSummary::to_json()). A run of
/// several in which a number was NaN or Inf leaves the others to go on.
///
/// A whole run ends with an evaluation of its best model, or of the last one where none is the best, as `albert
/// evaluate` computes it: in float32, whatever the training's precision, and with what was settled for the model. The
/// figures of a result are those.
/// \param version of the program, for the log
/// Throws UsageError, DataError, ModelError, IoError or NumericalError.
FinetuneResult finetune(const FinetuneOptions& options, const std::string& version);

}  // namespace albert::train
