#include "inference/predict.h"

#include <string>

#include "base/log.h"
#include "datasets/encoding.h"
#include "inference/line_source.h"

namespace albert::inference {

StreamReport predict(const TaskModelFolder& opened, const model::Compute& compute, int input, std::FILE* output,
                     const PredictOptions& options) {
  LineSource lines(input);
  const bool is_table = options.format == downstream::RecordFormat::kTsv;
  const auto header = is_table ? lines.next() : std::optional<std::string>("");
  if (!header) {
    log_warning("there is no record on standard input, nor the header that tsv begins with");
    return {};
  }
  datasets::check_utf8(*header, lines.place());
  if (is_table && !opened.downstream->is_header(*header)) lines.put_back(*header);
  std::string out;
  const auto window = opened.downstream->open_window(options.format, *header, out);
  if (!out.empty()) write_out(output, out + "\n");
  return stream_records(lines, *window, *opened.model, compute, options, [&] {
    out.clear();
    for (std::size_t i = 0; i < window->num_records(); ++i) window->write(i, out);
    write_out(output, out);
  });
}

}  // namespace albert::inference
