#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "base/stream_lines.h"
#include "model/task_model.h"
#include "tasks/task.h"

namespace albert::inference {

/// What is done with a record that cannot be read; each is reported with its line.
enum class BadRecord {
  kSkip,   ///< it is left out: the output has fewer records
  kEmpty,  ///< it has an empty result: the output has as many records
  kStop,   ///< DataError, once those before it are taken
};

struct StreamOptions {
  BadRecord on_bad_record = BadRecord::kEmpty;
  /// Records and tokens that are read ahead at most, so that records of like length are computed together.
  std::int64_t window_records = 512;
  std::int64_t window_tokens = 16384;
  std::int64_t batch_tokens = 4096;  ///< see ScoringOptions
};

/// A record whose result is due.
struct DueRecord {
  std::optional<std::size_t> index = {};  ///< in the window; nothing: it could not be read
  std::string text = {};                  ///< of one that could not be read, as it came; empty if that is no UTF-8
};

struct StreamReport {
  std::int64_t num_records = 0;    ///< records that went through the model
  std::int64_t num_bad = 0;        ///< records that could not be read; each was reported with its line
  std::int64_t num_truncated = 0;  ///< records that were longer than the model takes
};

/// Where the line that a stream handed out last stands, for messages.
inline tasks::Place place_of(const StreamLines& lines) {
  return {.file = StreamLines::kName, .line = lines.number(), .id = {}};
}

/// Lets a model score the records of a stream, a line each, window by window: memory does not grow with the length of
/// the stream. A window ends when it is full, or when the input pauses.
/// \param window empty; is filled, scored, given to `take`, and cleared
/// \param take gets the records whose results are due, in the order of the input: those of the window, and as BadRecord
///     says those that could not be read
/// Throws DataError as BadRecord says, at the end if no record at all could be read, and, whatever BadRecord says,
/// where the stream itself cannot be read on, as with a line that is too long; IoError. The records before have been
/// taken.
StreamReport stream_records(StreamLines& lines, tasks::RecordWindow& window, model::TaskModel& model,
                            const StreamOptions& options,
                            const std::function<void(std::span<const DueRecord> records)>& take);

/// The window's results and those of bad records as lines, in their order.
void write_lines(const tasks::RecordWindow& window, std::span<const DueRecord> records, std::string& out);

/// Writes results and hands them on at once.
/// Throws IoError.
void write_out(std::FILE* output, const std::string& text);

}  // namespace albert::inference
