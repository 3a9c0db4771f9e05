#include "inference/predict.h"

#include <memory>
#include <string>

#include "base/error.h"
#include "base/log.h"
#include "inference/line_source.h"
#include "tasks/scoring.h"

namespace albert::inference {

namespace {

constexpr const char* kInputName = "standard input";

void write_out(std::FILE* output, const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), output) != text.size() || std::fflush(output) != 0) {
    throw IoError::from_errno("cannot write the predictions");
  }
}

std::int64_t num_tokens(const downstream::RecordWindow& window, std::size_t from) {
  std::int64_t sum = 0;
  for (std::size_t i = from; i < window.num_items(); ++i) sum += window.item(i).num_tokens();
  return sum;
}

/// Adds a record; false if it cannot be read.
bool add(downstream::RecordWindow& window, const std::string& record, std::int64_t line, bool strict) {
  try {
    window.add(record, {kInputName, line, ""});
    return true;
  } catch (const DataError& error) {
    if (strict) throw;
    spdlog::warn("{}; the record is left out", error.what());
    return false;
  }
}

}  // namespace

PredictReport predict(const TaskModelFolder& opened, const model::Compute& compute, int input, std::FILE* output,
                      const PredictOptions& options) {
  LineSource lines(input);
  PredictReport report;
  const auto header = options.format == downstream::RecordFormat::kTsv ? lines.next() : std::optional<std::string>("");
  if (!header) return report;
  std::string out;
  const auto window = opened.downstream->open_window(options.format, *header, out);
  if (!out.empty()) write_out(output, out + "\n");
  const tasks::ScoringOptions scoring{
      .device = compute.device, .precision = compute.precision, .batch_tokens = options.batch_tokens};

  for (bool more = true; more;) {
    window->clear();
    std::int64_t tokens = 0;
    while (static_cast<std::int64_t>(window->num_records()) < options.window_records &&
           tokens < options.window_tokens) {
      if (window->num_records() > 0 && !lines.ready()) break;
      const auto record = lines.next();
      more = record.has_value();
      if (!more) break;
      const std::size_t before = window->num_items();
      if (!add(*window, *record, lines.line(), options.strict)) ++report.num_bad;
      tokens += num_tokens(*window, before);
    }
    tasks::score_items(*opened.model, *window, scoring);
    out.clear();
    for (std::size_t i = 0; i < window->num_records(); ++i) window->write(i, out);
    write_out(output, out);
    report.num_records += static_cast<std::int64_t>(window->num_records());
  }
  return report;
}

}  // namespace albert::inference
