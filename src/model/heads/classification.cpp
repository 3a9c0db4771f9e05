#include "model/heads/classification.h"

#include "base/error.h"
#include "model/heads/class_loss.h"
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

at::Tensor AlbertForSequenceClassification::loss_sum(const at::Tensor& scores, const ItemBatch& batch,
                                                     const LossConfig& loss) const {
  if (head().kind == HeadKind::kClassification) return class_loss_sum(scores, labels_of(batch), loss);
  const at::Tensor& values = values_of(batch);
  if (values.numel() != scores.numel()) {
    throw InternalError("{} values for {} scores of {} classes", values.numel(), scores.numel(), num_scores_);
  }
  const at::Tensor wanted = values.view_as(scores);  // [I, C]
  if (head().kind == HeadKind::kRegression) return at::mse_loss(scores, wanted, at::Reduction::Sum);
  return label_loss_sum(scores, wanted, loss);
}

std::vector<std::int64_t> AlbertForSequenceClassification::score_offsets(const ItemBatch& batch) const {
  return equal_offsets(batch.num_items(), num_scores_);
}

AlbertForTokenClassification::AlbertForTokenClassification(const AlbertConfig& config, const HeadConfig& head,
                                                           const Compute& compute)
    : TaskModel(config, head, compute, Pooling::kNone),
      classifier_(
          register_module("classifier", std::make_shared<ScoreLayer>(config.hidden_size, head.num_labels, compute))) {}

at::Tensor AlbertForTokenClassification::scores(const ItemBatch& batch, const Pass& pass) const {
  return classifier_->forward(asked_rows(batch, pass));  // [P, C]
}

at::Tensor AlbertForTokenClassification::loss_sum(const at::Tensor& scores, const ItemBatch& batch,
                                                  const LossConfig& loss) const {
  if (scores.size(0) == 0) return scores.sum();  // no position is asked for, and so none is labelled
  return class_loss_sum(scores, labels_of(batch), loss);
}

std::vector<std::int64_t> AlbertForTokenClassification::score_offsets(const ItemBatch& batch) const {
  std::vector<std::int64_t> offsets;
  for (const std::int64_t position : batch.asked_offsets) offsets.push_back(position * head().num_labels);
  return offsets;
}

AlbertForMultipleChoice::AlbertForMultipleChoice(const AlbertConfig& config, const HeadConfig& head,
                                                 const Compute& compute)
    : TaskModel(config, head, compute, Pooling::kFirstToken),
      classifier_(register_module("classifier", std::make_shared<ScoreLayer>(config.hidden_size, 1, compute))) {}

at::Tensor AlbertForMultipleChoice::scores(const ItemBatch& batch, const Pass& pass) const {
  return classifier_->forward(pooled(batch, pass)).squeeze(1);  // [B]
}

at::Tensor AlbertForMultipleChoice::loss_sum(const at::Tensor& scores, const ItemBatch& batch,
                                             const LossConfig& /*loss*/) const {
  return ops::cross_entropy_sum(as_rows(scores, lengths_of(batch.item_offsets)), labels_of(batch));
}

AlbertForEntityPair::AlbertForEntityPair(const AlbertConfig& config, const HeadConfig& head, const Compute& compute)
    : TaskModel(config, head, compute, Pooling::kNone),
      classifier_(register_module("classifier",
                                  std::make_shared<ScoreLayer>(2 * config.hidden_size, head.num_labels, compute))) {}

at::Tensor AlbertForEntityPair::scores(const ItemBatch& batch, const Pass& pass) const {
  const at::Tensor starts = asked_rows(batch, pass);                                     // [2 I, H]
  return classifier_->forward(starts.reshape({batch.num_items(), 2 * starts.size(1)}));  // [I, C]
}

at::Tensor AlbertForEntityPair::loss_sum(const at::Tensor& scores, const ItemBatch& batch,
                                         const LossConfig& loss) const {
  return class_loss_sum(scores, labels_of(batch), loss);
}

std::vector<std::int64_t> AlbertForEntityPair::score_offsets(const ItemBatch& batch) const {
  return equal_offsets(batch.num_items(), head().num_labels);
}

}  // namespace albert::model
