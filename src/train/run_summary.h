#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint/training_state.h"

namespace albert::train {

enum class RunState {
  kTraining,  ///< a process holds its lock
  kComplete,
  kStopped,  ///< it can be resumed
  kFailed,   ///< with an error; see RunSummary::failure
  kNotBegun  ///< it made no update
};

/// "training", "complete", "stopped", "failed" or "not begun".
std::string to_string(RunState state);

/// What the folder of a run says of it.
struct RunSummary {
  std::filesystem::path path;
  bool is_of_series = false;  ///< the folder above holds a series of runs (train/series.h)
  std::string command;        ///< "pretrain" or "finetune"; empty if unknown
  std::string task;           ///< its name; empty if it has none
  std::string kind;           ///< of the task: "text"; empty if it has none
  RunState state = RunState::kNotBegun;
  std::int64_t step = 0;  ///< updates done; of a run that is not training those that a resumed one keeps
  std::optional<std::int64_t> num_steps;  ///< of the whole run
  std::optional<checkpoint::BestResult> best;
  std::filesystem::file_time_type changed;  ///< when a file of it was last written
  std::uint64_t size_bytes = 0;             ///< on the disk
  std::string failure;                      ///< the error that ended it; else empty
  std::vector<std::string> problems;        ///< what of it is damaged or cannot be read
};

/// Whether a folder is one of a run, whatever state it is in.
bool is_run(const std::filesystem::path& folder);

/// Reads what a run's folder says, and writes nothing. The run may be training meanwhile. Of checkpoints the sizes of
/// files are compared, but not their content.
/// Never throws for what is damaged: `problems` tells it.
RunSummary summarize_run(const std::filesystem::path& folder);

}  // namespace albert::train
