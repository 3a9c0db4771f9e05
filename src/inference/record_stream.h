#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "inference/line_source.h"
#include "model/task_model.h"
#include "tasks/task.h"

namespace albert::inference {

struct StreamOptions {
  bool strict = false;  ///< stop at the first record that cannot be read
  /// Records and tokens that are read ahead at most, so that records of like length are computed together.
  std::int64_t window_records = 512;
  std::int64_t window_tokens = 16384;
  std::int64_t batch_tokens = 4096;  ///< see ScoringOptions
};

struct StreamReport {
  std::int64_t num_records = 0;    ///< records that went through the model
  std::int64_t num_bad = 0;        ///< records that could not be read; each was reported with its line
  std::int64_t num_truncated = 0;  ///< records that were longer than the model takes
};

/// Lets a model score the records of a stream, a line each, window by window: memory does not grow with the length of
/// the stream. A window ends when it is full, or when the input pauses. A record that cannot be read is reported and
/// left out; with `strict` it is thrown as DataError once those before it are taken.
/// \param window empty; is filled, scored, given to `take`, and cleared
/// \param take gets whether each record of the input could be read, in order; those that could are the window's
/// Throws DataError at the end if no record at all could be read.
StreamReport stream_records(LineSource& lines, tasks::RecordWindow& window, model::TaskModel& model,
                            const StreamOptions& options,
                            const std::function<void(const std::vector<bool>& is_read)>& take);

/// Writes results and hands them on at once.
/// Throws IoError.
void write_out(std::FILE* output, const std::string& text);

}  // namespace albert::inference
