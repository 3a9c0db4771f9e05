#pragma once

#include "model/heads/score_layer.h"
#include "model/task_model.h"

namespace albert::model {

/// How two entities are related: a linear layer over the hidden states of the two tokens where they start, side by side
/// (Baldini Soares et al., arXiv 1906.03158, "entity start"). No class of Transformers has this head. I items, H
/// hidden, C classes.
class AlbertForEntityPair : public TaskModel {
 public:
  AlbertForEntityPair(const AlbertConfig& config, const HeadConfig& head, const Compute& compute);

  /// -> [I, C]
  at::Tensor scores(const ItemBatch& batch, const Pass& pass) const override;
  at::Tensor loss_sum(const at::Tensor& scores, const ItemBatch& batch) const override;
  std::vector<std::int64_t> score_offsets(const ItemBatch& batch) const override;

 private:
  std::shared_ptr<ScoreLayer> classifier_;
};

}  // namespace albert::model
