#include "inference/record_stream.h"

#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "base/stream_lines.h"
#include "inference/scoring.h"
#include "tasks/common/decoding.h"

namespace albert::inference {

namespace {

constexpr std::int64_t kMostNamed = 100;  ///< of the records that cannot be read

std::int64_t num_tokens(const tasks::RecordWindow& window, std::size_t from) {
  std::int64_t sum = 0;
  for (std::size_t i = from; i < window.num_items(); ++i) sum += window.item(i).num_tokens();
  return sum;
}

/// What was read of the stream until its window was full, or the input paused.
struct Filling {
  std::vector<DueRecord> records;
  std::int64_t num_bad = 0;
  std::exception_ptr failure;  ///< why the stream ends behind these records, before its end; null: it does not
  bool is_last = false;        ///< the input ended
};

/// Adds a record.
/// \param record is emptied if it is no UTF-8, and then refused
/// Throws DataError if it cannot be read.
void add(tasks::RecordWindow& window, std::string& record, const tasks::Place& place) {
  try {
    tasks::check_utf8(record, place);
  } catch (const DataError&) {
    record.clear();
    throw;
  }
  window.add(record, place);
}

/// The next record. Nothing, with a note of the reason, where the input ended or cannot be read on; nothing, too, where
/// one would have to be waited for while others have no result yet.
std::optional<std::string> next_record(StreamLines& lines, Filling& filling) {
  try {
    if (!filling.records.empty() && !lines.ready()) return std::nullopt;
    std::optional<std::string> record = lines.next();
    filling.is_last = !record;
    return record;
  } catch (const Error&) {
    filling.failure = std::current_exception();
    return std::nullopt;
  }
}

/// Takes note of a record that cannot be read: of the one that is being caught.
/// \param num_before how many such records came before
void add_bad(std::string record, const DataError& error, BadRecord on_bad_record, std::int64_t num_before,
             Filling& filling) {
  if (on_bad_record == BadRecord::kStop) {
    filling.failure = std::current_exception();
    return;
  }
  ++filling.num_bad;
  const bool is_skipped = on_bad_record == BadRecord::kSkip;
  if (num_before < kMostNamed) {
    log_warning("{}; the record {}", error.what(), is_skipped ? "is left out" : "has an empty result");
  } else if (num_before == kMostNamed) {
    log_warning("records that cannot be read are counted from here on, and not named");
  }
  if (!is_skipped) filling.records.push_back({.text = std::move(record)});
}

/// \param num_bad how many records could not be read before
Filling fill(tasks::RecordWindow& window, StreamLines& lines, const StreamOptions& options, std::int64_t num_bad) {
  Filling filling;
  std::int64_t tokens = 0;
  while (std::ssize(filling.records) < options.window_records && tokens < options.window_tokens && !filling.failure) {
    std::optional<std::string> record = next_record(lines, filling);
    if (!record) break;
    const std::size_t index = window.num_records();
    const std::size_t first_item = window.num_items();
    try {
      add(window, *record, place_of(lines));
      filling.records.push_back({.index = index});
      tokens += num_tokens(window, first_item);
    } catch (const DataError& error) {
      add_bad(std::move(*record), error, options.on_bad_record, num_bad + filling.num_bad, filling);
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

StreamReport stream_records(StreamLines& lines, tasks::RecordWindow& window, model::TaskModel& model,
                            const StreamOptions& options,
                            const std::function<void(std::span<const DueRecord> records)>& take) {
  StreamReport report;
  for (bool goes_on = true; goes_on;) {
    window.clear();
    const Filling filling = fill(window, lines, options, report.num_bad);
    score_items(model, window, {.batch_tokens = options.batch_tokens});
    take(filling.records);
    report.num_records += static_cast<std::int64_t>(window.num_records());
    report.num_bad += filling.num_bad;
    if (filling.failure) std::rethrow_exception(filling.failure);
    goes_on = !filling.is_last;
  }
  window.end();
  report.num_truncated = static_cast<std::int64_t>(window.num_truncated());
  check(report);
  return report;
}

void write_lines(const tasks::RecordWindow& window, std::span<const DueRecord> records, std::string& out) {
  for (const DueRecord& record : records) {
    if (record.index) {
      window.write(*record.index, out);
    } else {
      window.write_empty(record.text, out);
    }
  }
}

void write_out(std::FILE* output, const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), output) != text.size() || std::fflush(output) != 0) {
    throw IoError::from_errno("cannot write the results");
  }
}

}  // namespace albert::inference
