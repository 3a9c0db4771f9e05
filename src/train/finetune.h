#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "train/run_options.h"
#include "train/seeds.h"

namespace albert::train {

/// What `albert finetune` is told on its command line.
struct FinetuneOptions {
  RunOptions run;
  std::filesystem::path model;  ///< over model.path of the configuration
  std::filesystem::path data;   ///< over data.path
  int num_seeds = 1;            ///< runs that differ in train.seed only, each in a folder seed-N of the run directory
};

/// Fine-tunes a model on a task: once, or for `num_seeds` seeds one after another, from train.seed on. Stops after the
/// run that a signal interrupted; after the last of several seeds, seeds.json tells of all (see to_json()). Throws
/// UsageError, DataError, ModelError, IoError or NumericalError. \param version of the program, for the log
std::vector<SeedResult> finetune(const FinetuneOptions& options, const std::string& version);

}  // namespace albert::train
