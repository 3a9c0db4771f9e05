#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "train/training_run.h"

namespace albert::train {

/// What `albert pretrain` is told on its command line.
struct PretrainOptions {
  std::filesystem::path config;          ///< empty: on resuming, the configuration of the run itself
  std::vector<std::string> assignments;  ///< of --set
  std::filesystem::path run_dir;
  bool resume = false;
  std::filesystem::path init_from;  ///< a model folder, or empty
};

/// The command that these options came from, ready for a shell. \param resume with --resume, whether or not it was
/// there
std::string command_line(const PretrainOptions& options, bool resume);

/// Trains an ALBERT on a corpus. Throws UsageError, DataError, ModelError, IoError or NumericalError.
/// \param version of the program, for the log
RunResult pretrain(const PretrainOptions& options, const std::string& version);

}  // namespace albert::train
