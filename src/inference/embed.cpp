#include "inference/embed.h"

#include <cstdio>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "base/destination.h"
#include "base/error.h"
#include "base/json_numbers.h"
#include "base/stream_lines.h"
#include "inference/index_files.h"
#include "inference/output_check.h"
#include "model/heads/embedding.h"

namespace albert::inference {

namespace {

/// The numbers of a row: H of each layer.
std::int64_t row_size(const model::TaskModel& model) {
  model::HeadConfig pooled = model.head();
  pooled.pooling = model::EmbeddingPooling::kMean;
  return model::count_embedding_scores(model.config(), pooled, 1);
}

/// What a text adds to an index.
class TextRows {
 public:
  TextRows(const model::TaskModel& model, IndexWriter& index)
      : size_(static_cast<std::size_t>(row_size(model))), index_(index) {
    if (model.head().pooling != model::EmbeddingPooling::kNone) return;
    offsets_ = &index.add_integers(token_files::kOffsets);
    ids_ = &index.add_integers(token_files::kIds);
    if (model.head().with_attentions) attention_ = &index.add_floats(token_files::kAttention);
    end_row();
  }

  /// \param numbers what the model says of the text
  void add(const model::Sequence& text, std::span<const float> numbers) {
    if (!offsets_) return index_.add(numbers);
    const std::size_t num_tokens = text.token_ids.size();
    for (std::size_t i = 0; i < num_tokens; ++i) index_.add(numbers.subspan(i * size_, size_));
    ids_->add(std::vector<std::int64_t>(text.token_ids.begin(), text.token_ids.end()));
    if (attention_) attention_->add(numbers.subspan(num_tokens * size_));
    num_rows_ += static_cast<std::int64_t>(num_tokens);
    end_row();
  }

  /// For a text that cannot be read: a vector of NaN, or no tokens.
  void add_unread() {
    if (offsets_) return end_row();
    index_.add(std::vector<float>(size_, std::numeric_limits<float>::quiet_NaN()));
  }

 private:
  void end_row() { offsets_->add(std::span<const std::int64_t>(&num_rows_, 1)); }

  std::size_t size_;
  IndexWriter& index_;
  NpyWriter* offsets_ = nullptr;  ///< of tokens only; so are the others
  NpyWriter* ids_ = nullptr;
  NpyWriter* attention_ = nullptr;
  std::int64_t num_rows_ = 0;
};

/// Without pooling each token has numbers of its own, with attention each pair of tokens: the window, which holds them,
/// is then no larger than a batch.
StreamOptions window_options(const StreamOptions& options, const model::HeadConfig& head) {
  StreamOptions changed = options;
  if (head.pooling == model::EmbeddingPooling::kNone) changed.window_tokens = options.batch_tokens;
  return changed;
}

VectorWindow make_window(const EmbeddingModel& opened, VectorFormat format) {
  const auto size = [model = opened.model](std::int64_t num_tokens) {
    return model::count_embedding_scores(model->config(), model->head(), num_tokens);
  };
  return {format, size, {*opened.tokenizer, opened.origin.max_length}};
}

}  // namespace

StreamReport embed_to_lines(const EmbeddingModel& opened, int input, std::FILE* output, const StreamOptions& options,
                            VectorFormat format) {
  StreamLines lines(input);
  VectorWindow window = make_window(opened, format);
  std::string out;
  return stream_records(lines, window, *opened.model, options, [&](std::span<const DueRecord> records) {
    out.clear();
    for (const DueRecord& record : records) {
      if (record.index) {
        append_json(window.vector(*record.index), out);
      } else {
        out += "null";
      }
      out += '\n';
    }
    write_out(output, out);
  });
}

StreamReport embed(const EmbeddingModel& opened, int input, const EmbedOptions& options) {
  refuse_inputs("--output", files_of_index(destination_of(options.output)), {{fmt::format("/dev/fd/{}", input)}});
  StreamLines lines(input);
  const model::TaskModel& model = *opened.model;
  VectorWindow window = make_window(opened, options.format);
  IndexWriter index({options.output, options.overwrite}, options.format, row_size(model));
  TextRows rows(model, index);
  std::string kept;
  const auto take = [&](std::span<const DueRecord> records) {
    for (const DueRecord& record : records) {
      if (record.index) {
        rows.add(window.item(*record.index).sequences.front(), window.vector(*record.index));
      } else {
        rows.add_unread();
      }
    }
    kept.clear();
    write_lines(window, records, kept);
    index.add_texts(kept);
  };
  const StreamReport report = stream_records(lines, window, *opened.model, window_options(options, model.head()), take);
  if (report.num_records + report.num_bad == 0)
    throw DataError("there is no text on standard input; no index is written");
  index.commit(opened.origin);
  return report;
}

}  // namespace albert::inference
