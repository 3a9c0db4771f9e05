#pragma once

#include "model/heads/score_layer.h"
#include "model/task_model.h"

namespace albert::model {

/// Classes for the tokens that the items name: a linear layer over their hidden states, without a pooler (Hugging
/// Face's AlbertForTokenClassification). P positions of all items, H hidden, C classes.
class AlbertForTokenClassification : public TaskModel {
 public:
  AlbertForTokenClassification(const AlbertConfig& config, const HeadConfig& head, const Compute& compute);

  /// -> [P, C]
  at::Tensor scores(const ItemBatch& batch, const Pass& pass) const override;
  at::Tensor loss_sum(const at::Tensor& scores, const ItemBatch& batch) const override;
  std::vector<std::int64_t> score_offsets(const ItemBatch& batch) const override;

 private:
  std::shared_ptr<ScoreLayer> classifier_;
};

}  // namespace albert::model
