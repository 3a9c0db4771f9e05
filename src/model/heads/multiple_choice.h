#pragma once

#include "model/heads/score_layer.h"
#include "model/task_model.h"

namespace albert::model {

/// The right one of an item's sequences: a linear layer over the pooled [CLS] scores each, and a softmax runs over
/// those of an item (Hugging Face's AlbertForMultipleChoice). Items may have different numbers of choices. I items, B
/// sequences, H hidden.
class AlbertForMultipleChoice : public TaskModel {
 public:
  AlbertForMultipleChoice(const AlbertConfig& config, const HeadConfig& head, const Compute& compute);

  /// -> [B]
  at::Tensor scores(const ItemBatch& batch, const Pass& pass) const override;
  at::Tensor loss_sum(const at::Tensor& scores, const ItemBatch& batch) const override;
  std::vector<std::int64_t> score_offsets(const ItemBatch& batch) const override { return batch.item_offsets; }

 private:
  std::shared_ptr<ScoreLayer> classifier_;
};

}  // namespace albert::model
