#pragma once

#include <cstdint>
#include <filesystem>

#include "base/file.h"
#include "metrics/figures.h"

namespace albert::train {

/// metrics.jsonl of a run: one JSON object a line, flushed as soon as it is written, so that other programs can follow
/// it.
class MetricsLog {
 public:
  /// Opens the file for appending; what it says of steps after `step`, and a line torn by a kill, is dropped first.
  MetricsLog(const std::filesystem::path& path, std::int64_t step);

  /// Writes {"step": step, "epoch": ..., NAME: value, ...} in the order given.
  void write(std::int64_t step, const metrics::Figures& figures);

 private:
  FileWriter file_;
};

}  // namespace albert::train
