#include "model/heads/embedding.h"

#include <cmath>

#include "base/error.h"
#include "model/heads/ragged.h"
#include "model/pack.h"

namespace albert::model {

AlbertForEmbedding::AlbertForEmbedding(const AlbertConfig& config, const HeadConfig& head, const Compute& compute)
    : TaskModel(config, head, compute, Pooling::kNone) {
  if (head.objective == EmbeddingObjective::kClassification) {
    classifier_ =
        register_module("classifier", std::make_shared<ScoreLayer>(3 * config.hidden_size, head.num_labels, compute));
  }
}

at::Tensor AlbertForEmbedding::pool(const ItemBatch& batch, const Pass& pass) const {
  if (head().pooling == EmbeddingPooling::kFirstToken) {
    const RowSelection first = select_first_rows(batch.sequences);
    return albert().forward(batch.sequences, &first, pass).to(at::kFloat);  // [B, H]
  }
  const at::Tensor states = albert().forward(batch.sequences, nullptr, pass).to(at::kFloat);  // [T, H]
  std::vector<at::Tensor> means;
  for (const at::Tensor& sequence : states.split_with_sizes(lengths_of(batch.sequences.offsets))) {
    means.push_back(sequence.mean(0));  // [H]
  }
  return at::stack(means);  // [B, H]
}

at::Tensor AlbertForEmbedding::scores(const ItemBatch& batch, const Pass& pass) const {
  const at::Tensor vectors = pool(batch, pass);                              // [B, H]
  return vectors / vectors.norm(2, {1}, /*keepdim=*/true).clamp_min(1e-12);  // [B, H]
}

at::Tensor AlbertForEmbedding::loss_sum(const at::Tensor& scores, const ItemBatch& batch) const {
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
      return ops::cross_entropy_sum(classifier_->forward(features), labels_of(batch));
    }
    case EmbeddingObjective::kInBatchNegatives:
      break;
  }
  const at::Tensor own = at::arange(batch.num_items(), scores.options().dtype(at::kLong));  // [I]
  return ops::cross_entropy_sum(first.matmul(second.t()) * head().scale, own);              // logits [I, I]
}

std::vector<std::int64_t> AlbertForEmbedding::score_offsets(const ItemBatch& batch) const {
  std::vector<std::int64_t> offsets = batch.item_offsets;
  for (std::int64_t& offset : offsets) offset *= config().hidden_size;
  return offsets;
}

}  // namespace albert::model
