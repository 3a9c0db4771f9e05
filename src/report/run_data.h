#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "report/thinning.h"
#include "train/run_summary.h"

namespace albert::report {

/// The figures of a run over its updates: x is the number of updates done.
struct FigureLine {
  std::string name;  ///< as in metrics.jsonl: "loss", "held_out_accuracy"
  std::vector<Point> points;
};

/// What the folder of a run holds.
struct RunData {
  std::string name;  ///< for people: what tells it from the other runs
  train::RunSummary summary;
  std::vector<FigureLine> figures;                            ///< in the order in which they first come
  std::vector<std::pair<std::string, std::string>> settings;  ///< every value of run.yaml by its full key

  /// Null where the run has none of the name.
  const FigureLine* find(std::string_view figure) const;
  /// Empty where the run has no such setting.
  std::string setting(std::string_view key) const;
};

/// Reads the records of metrics.jsonl. A last line without an end, which is being written, is left out.
/// Throws DataError naming the line for what is no record; IoError.
std::vector<FigureLine> read_figures(const std::filesystem::path& file);

/// Reads what runs say of themselves; they may be training meanwhile. What is damaged is among
/// RunSummary::problems.
std::vector<RunData> read_runs(const std::vector<std::filesystem::path>& folders);

/// The least ends of paths that tell them apart: "small" and "large" of "runs/small" and "runs/large".
std::vector<std::string> short_names(const std::vector<std::filesystem::path>& paths);

}  // namespace albert::report
