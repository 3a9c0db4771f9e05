#include "inference/predict.h"

#include <string>
#include <vector>

#include "base/log.h"
#include "inference/line_source.h"
#include "tasks/common/decoding.h"

namespace albert::inference {

namespace {

/// The predictions of a window. With kText they do not repeat the record: an empty line stands for one that could not be
/// read, so that the lines of input and output go together.
std::string lines_of(const tasks::RecordWindow& window, const std::vector<bool>& is_read, tasks::RecordFormat format) {
  std::string lines;
  std::size_t record = 0;
  for (const bool has_prediction : is_read) {
    if (has_prediction) {
      window.write(record++, lines);
    } else if (format == tasks::RecordFormat::kText) {
      lines += '\n';
    }
  }
  return lines;
}

}  // namespace

StreamReport predict(const TaskModelFolder& opened, int input, std::FILE* output, const PredictOptions& options) {
  LineSource lines(input);
  const bool is_table = options.format == tasks::RecordFormat::kTsv;
  const auto header = is_table ? lines.next() : std::optional<std::string>("");
  if (!header) {
    log_warning("there is no record on standard input, nor the header that tsv begins with");
    return {};
  }
  tasks::check_utf8(*header, lines.place());
  if (is_table && !opened.task->is_header(*header)) lines.put_back(*header);
  std::string out;
  const auto window = opened.task->open_window(options.format, *header, out);
  if (!out.empty()) write_out(output, out + "\n");
  return stream_records(lines, *window, *opened.model, options, [&](const std::vector<bool>& is_read) {
    write_out(output, lines_of(*window, is_read, options.format));
  });
}

}  // namespace albert::inference
