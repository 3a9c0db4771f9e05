#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "checkpoint/clean.h"

namespace albert::train {

/// What `albert clean` is told on its command line.
struct CleanOptions {
  std::vector<std::filesystem::path> folders;  ///< runs, or folders with runs below them
  checkpoint::CleanRule rule;
  bool removes = false;  ///< else nothing is written
};

/// What is, or would be, removed of a run.
struct CleanedRun {
  std::filesystem::path path;
  checkpoint::Cleaning cleaning;
  std::string why_not;   ///< why the run is left alone: it is training; else empty
  bool is_done = false;  ///< what goes is gone
  bool failed = false;   ///< what goes could not be found out, or not all be removed: `why_not` tells it
};

/// Finds what goes of each run by the rule, and removes it if that is asked for, holding the run's lock meanwhile. A run
/// that is training is left alone, and one whose series is; what cannot be cleaned does not keep others from it.
/// Throws UsageError if a folder is not there, or holds no run.
std::vector<CleanedRun> clean_runs(const CleanOptions& options);

/// For people: what goes and what stays of each run, and how much space that frees.
std::string to_text(const std::vector<CleanedRun>& runs, const CleanOptions& options);

}  // namespace albert::train
