#include "model/heads/sequence_classification.h"

#include "base/error.h"
#include "model/heads/ragged.h"

namespace albert::model {

AlbertForSequenceClassification::AlbertForSequenceClassification(const AlbertConfig& config, const HeadConfig& head,
                                                                 const Compute& compute)
    : TaskModel(config, head, compute, Pooling::kFirstToken),
      num_scores_(head.kind == HeadKind::kRegression ? 1 : head.num_labels),
      classifier_(
          register_module("classifier", std::make_shared<ScoreLayer>(config.hidden_size, num_scores_, compute))) {}

at::Tensor AlbertForSequenceClassification::scores(const ItemBatch& batch, const Pass& pass) const {
  return classifier_->forward(pooled(batch, pass));  // [I, C]
}

at::Tensor AlbertForSequenceClassification::loss_sum(const at::Tensor& scores, const ItemBatch& batch) const {
  if (head().kind == HeadKind::kClassification) return ops::cross_entropy_sum(scores, labels_of(batch));
  const at::Tensor& values = values_of(batch);
  if (values.numel() != scores.numel()) {
    throw InternalError("{} values for {} scores of {} classes", values.numel(), scores.numel(), num_scores_);
  }
  const at::Tensor wanted = values.view_as(scores);  // [I, C]
  if (head().kind == HeadKind::kRegression) return at::mse_loss(scores, wanted, at::Reduction::Sum);
  return at::binary_cross_entropy_with_logits(scores, wanted, {}, {}, at::Reduction::Sum);
}

std::vector<std::int64_t> AlbertForSequenceClassification::score_offsets(const ItemBatch& batch) const {
  return equal_offsets(batch.num_items(), num_scores_);
}

}  // namespace albert::model
