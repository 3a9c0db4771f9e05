#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "train/run_summary.h"

/// The runs below a folder, for `albert runs` and `albert clean`.
namespace albert::train {

/// The folders of the runs below a folder, in the order of their names, it itself among them if it is one. Follows no
/// links but the folder itself, and looks into no hidden folders. What cannot be looked into is warned of.
/// Throws UsageError if there is no such folder.
std::vector<std::filesystem::path> find_runs(const std::filesystem::path& folder);

/// What there is to say of each, the one that was changed last first: also of the runs of a series that have failed and
/// left no folder. A summary of a series that cannot be read is warned of.
/// Throws as find_runs().
std::vector<RunSummary> list_runs(const std::filesystem::path& folder);

/// For people: a table, and below it a line for each failure and each problem.
/// \param folder that the names of the runs begin at
std::string runs_to_text(const std::vector<RunSummary>& runs, const std::filesystem::path& folder);

/// For programs: a JSON list of objects with `path` (from the folder on), `series` (the path of the series that it is
/// of), `command`, `task`, `kind`, `state`, `step`, `num_steps`, `best` (`metric`, `value`, `step`), `changed` (UTC),
/// `size_bytes`, `failure` and `problems`. What is unknown is absent.
std::string runs_to_json(const std::vector<RunSummary>& runs, const std::filesystem::path& folder);

/// "finetune sst2 (text)", "pretrain"; "?" if unknown.
std::string describe_kind(const RunSummary& run);
/// "accuracy 0.8413 at 500"; empty if there was no evaluation.
std::string describe_best(const RunSummary& run);
/// "500/1000": updates done, and of the whole run.
std::string describe_step(const RunSummary& run);
/// When a file of it was last written, in local time: "2026-01-31 17:05".
std::string describe_change(const RunSummary& run);

/// How a run is called from a folder on: its path, "." for the folder itself.
std::string name_of_run(const std::filesystem::path& run, const std::filesystem::path& folder);

}  // namespace albert::train
