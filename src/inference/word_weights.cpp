#include "inference/word_weights.h"

#include <algorithm>
#include <cstdint>

#include <ATen/ATen.h>

#include "model/item_batch.h"
#include "model/prediction_guard.h"

namespace albert::inference {

namespace {

/// Tokens whose scores are in memory at a time: those of all tokens of a batch would be gigabytes.
constexpr std::int64_t kMostRows = 128;

/// The largest logit of each piece: [L, H] -> [V] float32
at::Tensor largest_logits(const model::AlbertForPretraining& model, const at::Tensor& hidden) {
  at::Tensor largest;
  for (std::int64_t begin = 0; begin < hidden.size(0); begin += kMostRows) {
    const std::int64_t count = std::min(kMostRows, hidden.size(0) - begin);
    const at::Tensor of_rows = model.word_scores(hidden.narrow(0, begin, count)).amax(0);  // [V]
    largest = largest.defined() ? at::maximum(largest, of_rows) : of_rows;
  }
  return largest.to(at::kCPU, at::kFloat);
}

}  // namespace

void word_weights(const model::AlbertForPretraining& model, const text::Tokenizer& tokenizer,
                  std::span<const model::Item* const> items, const TakeScores& take) {
  const model::PredictionGuard predicting;
  const model::PackedBatch batch =
      model::pack_items(items, model::HeadKind::kEmbedding).sequences.to(model.compute().device);
  const at::Tensor hidden = model.albert().forward(batch, nullptr, {});  // [T, H]
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::int64_t begin = batch.offsets[i], end = batch.offsets[i + 1];
    // Some published models have more rows than their vocabulary has pieces.
    const at::Tensor logits =
        largest_logits(model, hidden.slice(0, begin, end)).narrow(0, 0, tokenizer.vocabulary_size());  // [V]
    check_finite(logits);
    const at::Tensor weights = logits.relu().log1p().contiguous();
    take(i, {weights.const_data_ptr<float>(), static_cast<std::size_t>(weights.numel())});
  }
}

}  // namespace albert::inference
