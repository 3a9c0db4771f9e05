#include "inference/record_stream.h"

#include <algorithm>
#include <optional>

#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "inference/scoring.h"
#include "tasks/common/decoding.h"

namespace albert::inference {

namespace {

std::int64_t num_tokens(const tasks::RecordWindow& window, std::size_t from) {
  std::int64_t sum = 0;
  for (std::size_t i = from; i < window.num_items(); ++i) sum += window.item(i).num_tokens();
  return sum;
}

/// What was read of the stream until its window was full, or the input paused.
struct Filling {
  std::vector<bool> is_read;         ///< for each record whether it could be read
  std::optional<DataError> failure;  ///< with `strict`: what is wrong with the record behind these
  bool is_last = false;              ///< the input ended
};

/// Adds a record.
/// Throws DataError if it cannot be read.
void add(tasks::RecordWindow& window, const std::string& record, const tasks::Place& place) {
  tasks::check_utf8(record, place);
  window.add(record, place);
}

Filling fill(tasks::RecordWindow& window, LineSource& lines, const StreamOptions& options) {
  Filling filling;
  std::int64_t tokens = 0;
  while (static_cast<std::int64_t>(filling.is_read.size()) < options.window_records && tokens < options.window_tokens) {
    if (!filling.is_read.empty() && !lines.ready()) return filling;
    const auto record = lines.next();
    if (!record) {
      filling.is_last = true;
      return filling;
    }
    const std::size_t before = window.num_items();
    try {
      add(window, *record, lines.place());
      filling.is_read.push_back(true);
      tokens += num_tokens(window, before);
    } catch (const DataError& error) {
      if (options.strict) {
        filling.failure = error;
        return filling;
      }
      log_warning("{}; the record is left out", error.what());
      filling.is_read.push_back(false);
    }
  }
  return filling;
}

void check(const StreamReport& report) {
  if (report.num_records > 0) return;
  if (report.num_bad == 0) {
    log_warning("there is no record on standard input");
    return;
  }
  throw DataError(
      "standard input: none of {} could be read, for the reasons above; is the input of the format that was asked for?",
      counted(report.num_bad, "record"));
}

}  // namespace

StreamReport stream_records(LineSource& lines, tasks::RecordWindow& window, model::TaskModel& model,
                            const StreamOptions& options,
                            const std::function<void(const std::vector<bool>& is_read)>& take) {
  StreamReport report;
  for (bool goes_on = true; goes_on;) {
    window.clear();
    const Filling filling = fill(window, lines, options);
    score_items(model, window, {.batch_tokens = options.batch_tokens});
    take(filling.is_read);
    report.num_records += static_cast<std::int64_t>(window.num_records());
    report.num_bad += std::ranges::count(filling.is_read, false);
    if (filling.failure) throw DataError(*filling.failure);
    goes_on = !filling.is_last;
  }
  report.num_truncated = static_cast<std::int64_t>(window.num_truncated());
  check(report);
  return report;
}

void write_out(std::FILE* output, const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), output) != text.size() || std::fflush(output) != 0) {
    throw IoError::from_errno("cannot write the results");
  }
}

}  // namespace albert::inference
