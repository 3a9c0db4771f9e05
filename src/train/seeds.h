#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "train/training_run.h"

namespace albert::train {

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

}  // namespace albert::train
