#include "inference/record_stream.h"

#include "base/error.h"
#include "base/log.h"
#include "datasets/encoding.h"
#include "tasks/scoring.h"

namespace albert::inference {

namespace {

std::int64_t num_tokens(const downstream::RecordWindow& window, std::size_t from) {
  std::int64_t sum = 0;
  for (std::size_t i = from; i < window.num_items(); ++i) sum += window.item(i).num_tokens();
  return sum;
}

/// Adds a record; false if it cannot be read.
bool add(downstream::RecordWindow& window, const std::string& record, const datasets::Place& place, bool strict) {
  try {
    datasets::check_utf8(record, place);
    window.add(record, place);
    return true;
  } catch (const DataError& error) {
    if (strict) throw;
    log_warning("{}; the record is left out", error.what());
    return false;
  }
}

/// Reads records until the window is full or the input pauses; false at the end of the input.
bool fill(downstream::RecordWindow& window, LineSource& lines, const StreamOptions& options, StreamReport& report) {
  std::int64_t tokens = 0;
  while (static_cast<std::int64_t>(window.num_records()) < options.window_records && tokens < options.window_tokens) {
    if (window.num_records() > 0 && !lines.ready()) break;
    const auto record = lines.next();
    if (!record) return false;
    const std::size_t before = window.num_items();
    if (!add(window, *record, lines.place(), options.strict)) ++report.num_bad;
    tokens += num_tokens(window, before);
  }
  return true;
}

}  // namespace

StreamReport stream_records(LineSource& lines, downstream::RecordWindow& window, model::TaskModel& model,
                            const model::Compute& compute, const StreamOptions& options,
                            const std::function<void()>& take) {
  StreamReport report;
  for (bool more = true; more;) {
    window.clear();
    more = fill(window, lines, options, report);
    tasks::score_items(
        model, window,
        {.device = compute.device, .precision = compute.precision, .batch_tokens = options.batch_tokens});
    take();
    report.num_records += static_cast<std::int64_t>(window.num_records());
  }
  report.num_truncated = static_cast<std::int64_t>(window.num_truncated());
  if (report.num_records + report.num_bad == 0) log_warning("there is no record on standard input");
  return report;
}

void write_out(std::FILE* output, const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), output) != text.size() || std::fflush(output) != 0) {
    throw IoError::from_errno("cannot write the results");
  }
}

}  // namespace albert::inference
