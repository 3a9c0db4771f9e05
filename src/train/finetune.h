#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "train/run.h"
#include "train/training_run.h"

namespace albert::train {

/// What `albert finetune` is told on its command line.
struct FinetuneOptions {
  RunOptions run;
  std::filesystem::path model;  ///< over model.path of the configuration
  std::filesystem::path data;   ///< over data.path
  int num_seeds = 1;            ///< runs that differ in train.seed only, each in a folder seed-N of the run directory
};

/// How one of several runs ended that differ in their seed only.
struct SeedResult {
  std::int64_t seed = 0;
  std::filesystem::path run_dir;
  RunResult run;
};

/// The median of the runs' best values, as results on GLUE's development sets are reported (arXiv 1909.11942,
/// section 4.7); nothing if one of them has none.
std::optional<double> median_of_best(const std::vector<SeedResult>& results);

/// The runs as a JSON object: `metric`, `median`, `best` (the folder of the run with the highest value, the first of
/// equal ones) and `runs`, each with `seed`, `folder`, and `value` and `step` of its best checkpoint. What could not be
/// computed is absent.
std::string to_json(const std::vector<SeedResult>& results);

/// Fine-tunes a model on a task: once, or for `num_seeds` seeds one after another, from train.seed on. Stops after the
/// run that a signal interrupted; after the last of several seeds, seeds.json tells of all (see to_json()).
///
/// A whole run ends with an evaluation of its best model, or of the last one where none is the best, as `albert
/// evaluate` computes it: in float32, whatever the training's precision, and with what was settled for the model. The
/// figures of a result are those.
/// \param version of the program, for the log
/// Throws UsageError, DataError, ModelError, IoError or NumericalError.
std::vector<SeedResult> finetune(const FinetuneOptions& options, const std::string& version);

}  // namespace albert::train
