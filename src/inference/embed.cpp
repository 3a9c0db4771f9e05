#include "inference/embed.h"

#include <limits>
#include <span>
#include <string>
#include <vector>

#include "inference/index_files.h"
#include "inference/line_source.h"

namespace albert::inference {

StreamReport embed(const EmbeddingModel& opened, int input, const EmbedOptions& options) {
  LineSource lines(input);
  const std::int64_t size = opened.model->config().hidden_size;
  VectorWindow window(options.format, size, {*opened.tokenizer, opened.origin.max_length});
  IndexWriter index(options.output, options.format, size);
  std::string kept;
  const std::vector<float> no_vector(static_cast<std::size_t>(size), std::numeric_limits<float>::quiet_NaN());
  const auto take = [&](std::span<const DueRecord> records) {
    std::size_t next = 0;
    for (const DueRecord& record : records) index.add(record.is_read ? window.vector(next++) : no_vector);
    kept.clear();
    write_lines(window, records, kept);
    index.add_texts(kept);
  };
  const StreamReport report = stream_records(lines, window, *opened.model, options, take);
  index.commit(opened.origin);
  return report;
}

}  // namespace albert::inference
