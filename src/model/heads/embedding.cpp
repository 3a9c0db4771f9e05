#include "model/heads/embedding.h"

#include <cmath>
#include <utility>

#include "base/error.h"
#include "model/heads/class_loss.h"
#include "model/heads/ragged.h"
#include "model/pack.h"

namespace albert::model {

namespace {

EncoderTrace wanted(const HeadConfig& head) {
  return {.layers = {head.layers.begin(), head.layers.end()}, .wants_attentions = head.with_attentions};
}

at::Tensor side_by_side(const EncoderTrace& trace, const std::vector<std::int64_t>& layers) {
  std::vector<at::Tensor> chosen;
  for (const std::int64_t layer : layers) chosen.push_back(trace.states.at(layer).to(at::kFloat));
  return at::cat(chosen, 1);  // [T, K H]
}

}  // namespace

std::int64_t count_embedding_scores(const AlbertConfig& config, const HeadConfig& head, std::int64_t num_tokens) {
  const auto num_layers = head.layers.empty() ? 1 : static_cast<std::int64_t>(head.layers.size());
  const std::int64_t of_vector = num_layers * config.hidden_size;
  if (head.pooling != EmbeddingPooling::kNone) return of_vector;
  const std::int64_t of_attention =
      head.with_attentions ? num_layers * config.num_attention_heads * num_tokens * num_tokens : 0;
  return num_tokens * of_vector + of_attention;
}

AlbertForEmbedding::AlbertForEmbedding(const AlbertConfig& config, const HeadConfig& head, const Compute& compute)
    : AlbertForEmbedding(config, head, compute, std::make_shared<AlbertModel>(config, compute, Pooling::kNone)) {}

AlbertForEmbedding::AlbertForEmbedding(const AlbertConfig& config, const HeadConfig& head, const Compute& compute,
                                       std::shared_ptr<AlbertModel> encoder)
    : TaskModel(config, head, compute, std::move(encoder)) {
  if (head.objective == EmbeddingObjective::kClassification) {
    classifier_ =
        register_module("classifier", std::make_shared<ScoreLayer>(3 * config.hidden_size, head.num_labels, compute));
  }
}

/// The hidden states of the layers side by side: [T, K H] float32.
at::Tensor AlbertForEmbedding::states(const ItemBatch& batch, const Pass& pass) const {
  if (head().layers.empty()) return albert().forward(batch.sequences, nullptr, pass).to(at::kFloat);
  return side_by_side(albert().look_inside(batch.sequences, pass, wanted(head())), head().layers);
}

at::Tensor AlbertForEmbedding::pool(const ItemBatch& batch, const Pass& pass) const {
  if (head().pooling == EmbeddingPooling::kFirstToken) {
    const RowSelection first = select_first_rows(batch.sequences);
    if (!head().layers.empty()) return ops::select_rows(states(batch, pass), first.rows);  // [B, K H]
    return albert().forward(batch.sequences, &first, pass).to(at::kFloat);                 // [B, H]
  }
  std::vector<at::Tensor> means;
  for (const at::Tensor& sequence : states(batch, pass).split_with_sizes(lengths_of(batch.sequences.offsets))) {
    means.push_back(sequence.mean(0));  // [K H]
  }
  return at::stack(means);  // [B, K H]
}

/// The states of each sequence's tokens, and behind them its attention probabilities: end to end.
at::Tensor AlbertForEmbedding::inside(const ItemBatch& batch, const Pass& pass) const {
  if (!head().with_attentions) return states(batch, pass).flatten();
  const EncoderTrace trace = albert().look_inside(batch.sequences, pass, wanted(head()));
  const auto of_sequences = side_by_side(trace, head().layers).split_with_sizes(lengths_of(batch.sequences.offsets));
  std::vector<at::Tensor> parts;
  for (std::size_t b = 0; b < of_sequences.size(); ++b) {
    parts.push_back(of_sequences[b].flatten());
    for (const std::int64_t layer : head().layers) {
      parts.push_back(trace.attentions.at(layer).at(b).flatten());
    }
  }
  return at::cat(parts);
}

at::Tensor AlbertForEmbedding::scores(const ItemBatch& batch, const Pass& pass) const {
  if (head().pooling == EmbeddingPooling::kNone) return inside(batch, pass);
  const at::Tensor vectors = pool(batch, pass);                              // [B, K H]
  return vectors / vectors.norm(2, {1}, /*keepdim=*/true).clamp_min(1e-12);  // [B, K H]
}

at::Tensor AlbertForEmbedding::loss_sum(const at::Tensor& scores, const ItemBatch& batch,
                                        const LossConfig& loss) const {
  if (scores.size(0) != 2 * batch.num_items()) throw InternalError("a loss of embeddings needs pairs of texts");
  const at::Tensor pairs = scores.view({batch.num_items(), 2, -1});          // [I, 2, H]
  const at::Tensor first = pairs.select(1, 0), second = pairs.select(1, 1);  // [I, H]
  switch (head().objective) {
    case EmbeddingObjective::kCosine:
      return at::mse_loss((first * second).sum(1), values_of(batch), at::Reduction::Sum);
    case EmbeddingObjective::kClassification: {
      // The paper's vectors are as long as layer norm leaves them, about sqrt(H); those of length 1 would hardly move
      // a linear layer whose weights are drawn for inputs of size one.
      const double length = std::sqrt(static_cast<double>(config().hidden_size));
      const at::Tensor features = at::cat({first, second, (first - second).abs()}, 1) * length;  // [I, 3 H]
      return class_loss_sum(classifier_->forward(features), labels_of(batch), loss);
    }
    case EmbeddingObjective::kInBatchNegatives:
      break;
  }
  const at::Tensor own = at::arange(batch.num_items(), scores.options().dtype(at::kLong));  // [I]
  return ops::cross_entropy_sum(first.matmul(second.t()) * head().scale, own);              // logits [I, I]
}

std::vector<std::int64_t> AlbertForEmbedding::score_offsets(const ItemBatch& batch) const {
  const std::vector<std::int64_t>& tokens = batch.sequences.offsets;
  std::vector<std::int64_t> of_sequences = {0};
  for (std::size_t b = 0; b + 1 < tokens.size(); ++b) {
    of_sequences.push_back(of_sequences.back() + count_embedding_scores(config(), head(), tokens[b + 1] - tokens[b]));
  }
  std::vector<std::int64_t> offsets;
  for (const std::int64_t sequence : batch.item_offsets) {
    offsets.push_back(of_sequences[static_cast<std::size_t>(sequence)]);
  }
  return offsets;
}

}  // namespace albert::model
