#include "inference/embed.h"

#include <string>
#include <vector>

#include "inference/index_files.h"
#include "inference/line_source.h"

namespace albert::inference {

StreamReport embed(const EmbeddingModel& opened, int input, const EmbedOptions& options) {
  LineSource lines(input);
  const std::int64_t size = opened.model->config().hidden_size;
  VectorWindow window(options.format, size, {*opened.tokenizer, opened.origin.max_length});
  IndexWriter index({options.output, options.overwrite}, options.format, size);
  std::string kept;
  const auto take = [&](const std::vector<bool>&) {
    kept.clear();
    for (std::size_t i = 0; i < window.num_records(); ++i) {
      index.add(window.vector(i));
      window.write(i, kept);
    }
    index.add_texts(kept);
  };
  const StreamReport report = stream_records(lines, window, *opened.model, options, take);
  index.commit(opened.origin);
  return report;
}

}  // namespace albert::inference
