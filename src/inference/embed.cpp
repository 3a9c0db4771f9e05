#include "inference/embed.h"

#include <string>

#include "base/partial_file.h"
#include "inference/line_source.h"
#include "inference/npy.h"

namespace albert::inference {

fs::path kept_texts_path(const fs::path& index, VectorFormat format) {
  fs::path path = index;
  return path += format == VectorFormat::kText ? ".txt" : ".jsonl";
}

StreamReport embed(const EmbeddingModel& opened, const model::Compute& compute, int input,
                   const EmbedOptions& options) {
  LineSource lines(input);
  const std::int64_t size = opened.model->config().hidden_size;
  VectorWindow window(options.format, size, {*opened.tokenizer, opened.origin.max_length});
  NpyWriter vectors(options.output, size);
  PartialFile texts(kept_texts_path(options.output, options.format));
  std::string kept;
  const StreamReport report = stream_records(lines, window, *opened.model, compute, options, [&] {
    kept.clear();
    for (std::size_t i = 0; i < window.num_records(); ++i) {
      vectors.add(window.vector(i));
      window.write(i, kept);
    }
    texts.write(kept);
  });
  for (const auto format : {VectorFormat::kText, VectorFormat::kJsonl}) {
    fs::remove(kept_texts_path(options.output, format));  // those of an older index would not fit
  }
  texts.commit();
  write_origin(opened.origin, options.output);
  vectors.commit();
  return report;
}

}  // namespace albert::inference
