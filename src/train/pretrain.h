#pragma once

#include <filesystem>
#include <string>

#include "train/run.h"
#include "train/training_run.h"

namespace albert::train {

/// What `albert pretrain` is told on its command line.
struct PretrainOptions {
  RunOptions run;
  std::filesystem::path init_from;    ///< a model folder, or empty
  std::filesystem::path branch_from;  ///< a run, or a checkpoint of one, or empty
};

/// Reads the configuration alone.
/// Throws UsageError for what is wrong with it.
void check_pretrain_config(const PretrainOptions& options);

/// Trains an ALBERT on a corpus.
/// \param version of the program, for the log
/// Throws UsageError, DataError, ModelError, IoError or NumericalError.
RunResult pretrain(const PretrainOptions& options, const std::string& version);

}  // namespace albert::train
