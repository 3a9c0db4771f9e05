#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "train/best_result.h"
#include "train/training_run.h"

/// Several runs of one command that differ in a few settings: seeds, folds of the data, a grid over settings.
namespace albert::train {

/// How many runs there are, and what they differ in. Every combination is a run.
struct SeriesOptions {
  int num_seeds = 1;                     ///< train.seed, from that of the configuration on
  int num_folds = 0;                     ///< task.fold, from 1 on; 0: the data is not divided into folds
  std::vector<std::string> sweeps = {};  ///< "KEY=VALUE,VALUE..." each

  bool is_one_run() const { return num_seeds == 1 && num_folds == 0 && sweeps.empty(); }
};

/// One of the runs.
struct SeriesRun {
  std::string name;                                           ///< of its folder: "learning_rate=1e-4,seed-2"
  std::vector<std::string> assignments;                       ///< "KEY=VALUE" over the configuration
  std::vector<std::pair<std::string, std::string>> settings;  ///< those of the sweeps, which tell groups of runs apart
};

/// The runs, in the order in which they are done: the last sweep changes faster than the ones before, then seeds, then
/// folds.
/// \param first_seed that of the configuration
/// \param assignments what the command line says of settings; none may be one that the runs differ in, but train.seed
/// Throws UsageError for options that contradict each other or cannot be read.
std::vector<SeriesRun> runs_of(const SeriesOptions& options, std::int64_t first_seed,
                               const std::vector<std::string>& assignments);

/// How one of the runs ended.
struct SeriesResult {
  SeriesRun run;
  RunResult result;
  std::string failure = {};  ///< why it has no result: a number was NaN or Inf; else empty
};

/// What the runs of equal settings have in common.
struct SeriesGroup {
  std::vector<std::pair<std::string, std::string>> settings;
  std::size_t num_runs = 0;
  /// Over the best values: the median of seeds, as results on GLUE's development sets are reported (arXiv 1909.11942,
  /// section 4.7), the mean of folds; nothing if a run has none.
  std::optional<double> value;
  std::optional<double> standard_deviation;  ///< of the sample; nothing for a single run
  std::optional<double> loss;                ///< of the best results, taken together as `value` is
};

/// How a series ended.
class SeriesSummary {
 public:
  SeriesSummary(SeriesOptions options, std::vector<SeriesResult> results);

  const std::vector<SeriesResult>& results() const { return results_; }
  const std::vector<SeriesGroup>& groups() const { return groups_; }
  /// The group with the best value, of equal ones that with the lower loss, then the first; null if none has one.
  const SeriesGroup* best_group() const;
  /// The run of that group with the best result, the first of equal ones; of all runs if there is no such group; null
  /// if none has a result.
  const SeriesResult* best() const;

  /// The runs as a JSON object: `metric`, `best_settings` (of the group with the best median or mean), `best` (the
  /// folder of the best run with them; of folds none, which are judged on different examples), `groups`, each with
  /// `settings`, `median` or `mean` and `standard_deviation`, and `runs`, each with `folder`, `settings`, `figures`,
  /// and `value` and `step` of its best checkpoint, or `failure`. What could not be computed is absent.
  std::string to_json() const;
  /// A table of the groups for people, and which settings are the best.
  std::string to_text() const;

 private:
  std::string metric() const;  ///< by which they are compared; empty if no run has a result
  bool has_folds() const { return options_.num_folds > 0; }
  /// The mean of folds, the median of seeds.
  double middle_of(const std::vector<double>& values) const;
  BestResult result_of(const SeriesGroup& group) const;
  /// "median of 3 seeds", "mean of 5 folds", or the metric's name.
  std::string heading(const SeriesGroup& group) const;

  SeriesOptions options_;
  std::vector<SeriesResult> results_;
  std::vector<SeriesGroup> groups_;
};

}  // namespace albert::train
