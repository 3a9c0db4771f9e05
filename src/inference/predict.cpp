#include "inference/predict.h"

#include <span>
#include <string>

#include "base/log.h"
#include "base/stream_lines.h"
#include "tasks/common/decoding.h"

namespace albert::inference {

BadRecord default_bad_record(tasks::RecordFormat format) {
  return format == tasks::RecordFormat::kText ? BadRecord::kEmpty : BadRecord::kSkip;
}

StreamReport predict(const TaskModelFolder& opened, int input, std::FILE* output, const PredictOptions& options) {
  StreamLines lines(input);
  const bool is_table = options.format == tasks::RecordFormat::kTsv;
  const auto header = is_table ? lines.next() : std::optional<std::string>("");
  if (!header) {
    log_warning("there is no record on standard input, nor the header that tsv begins with");
    return {};
  }
  tasks::check_utf8(*header, place_of(lines));
  if (is_table && !opened.task->is_header(*header)) lines.put_back(*header);
  std::string out;
  const auto window = opened.task->open_window(options.format, *header, out);
  if (!out.empty()) write_out(output, out + "\n");
  return stream_records(lines, *window, *opened.model, options, [&](std::span<const DueRecord> records) {
    out.clear();
    write_lines(*window, records, out);
    write_out(output, out);
  });
}

}  // namespace albert::inference
