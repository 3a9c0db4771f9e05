#pragma once

#include "model/modules.h"
#include "model/task_model.h"

namespace albert::model {

/// Classes, several labels at once, or a number, for whole sequences: a linear layer over the pooled [CLS] (Hugging
/// Face's AlbertForSequenceClassification). I items, H hidden, C classes.
class AlbertForSequenceClassification : public TaskModel {
 public:
  AlbertForSequenceClassification(const AlbertConfig& config, const HeadConfig& head, const Compute& compute);

  /// -> [I, C]
  at::Tensor scores(const ItemBatch& batch, const Pass& pass) const override;
  at::Tensor loss_sum(const at::Tensor& scores, const ItemBatch& batch, const LossConfig& loss) const override;
  std::vector<std::int64_t> score_offsets(const ItemBatch& batch) const override;

 private:
  std::int64_t num_scores_;  // C, 1 for a number
  std::shared_ptr<ScoreLayer> classifier_;
};

/// Classes for the tokens that the items name: a linear layer over their hidden states, without a pooler (Hugging
/// Face's AlbertForTokenClassification). P positions of all items, H hidden, C classes.
class AlbertForTokenClassification : public TaskModel {
 public:
  AlbertForTokenClassification(const AlbertConfig& config, const HeadConfig& head, const Compute& compute);

  /// -> [P, C]
  at::Tensor scores(const ItemBatch& batch, const Pass& pass) const override;
  at::Tensor loss_sum(const at::Tensor& scores, const ItemBatch& batch, const LossConfig& loss) const override;
  std::vector<std::int64_t> score_offsets(const ItemBatch& batch) const override;

 private:
  std::shared_ptr<ScoreLayer> classifier_;
};

/// The right one of an item's sequences: a linear layer over the pooled [CLS] scores each, and a softmax runs over
/// those of an item (Hugging Face's AlbertForMultipleChoice). Items may have different numbers of choices. I items, B
/// sequences, H hidden.
class AlbertForMultipleChoice : public TaskModel {
 public:
  AlbertForMultipleChoice(const AlbertConfig& config, const HeadConfig& head, const Compute& compute);

  /// -> [B]
  at::Tensor scores(const ItemBatch& batch, const Pass& pass) const override;
  at::Tensor loss_sum(const at::Tensor& scores, const ItemBatch& batch, const LossConfig& loss) const override;
  std::vector<std::int64_t> score_offsets(const ItemBatch& batch) const override { return batch.item_offsets; }

 private:
  std::shared_ptr<ScoreLayer> classifier_;
};

/// How two entities are related: a linear layer over the hidden states of the two tokens where they start, side by side
/// (Baldini Soares et al., arXiv 1906.03158, "entity start"). No class of Transformers has this head. I items, H
/// hidden, C classes.
class AlbertForEntityPair : public TaskModel {
 public:
  AlbertForEntityPair(const AlbertConfig& config, const HeadConfig& head, const Compute& compute);

  /// -> [I, C]
  at::Tensor scores(const ItemBatch& batch, const Pass& pass) const override;
  at::Tensor loss_sum(const at::Tensor& scores, const ItemBatch& batch, const LossConfig& loss) const override;
  std::vector<std::int64_t> score_offsets(const ItemBatch& batch) const override;

 private:
  std::shared_ptr<ScoreLayer> classifier_;
};

}  // namespace albert::model
