#pragma once

#include "model/heads/score_layer.h"
#include "model/task_model.h"

namespace albert::model {

/// Classes, several labels at once, or a number, for whole sequences: a linear layer over the pooled [CLS] (Hugging
/// Face's AlbertForSequenceClassification). I items, H hidden, C classes.
class AlbertForSequenceClassification : public TaskModel {
 public:
  AlbertForSequenceClassification(const AlbertConfig& config, const HeadConfig& head, const Compute& compute);

  /// -> [I, C]
  at::Tensor scores(const ItemBatch& batch, const Pass& pass) const override;
  at::Tensor loss_sum(const at::Tensor& scores, const ItemBatch& batch) const override;
  std::vector<std::int64_t> score_offsets(const ItemBatch& batch) const override;

 private:
  std::int64_t num_scores_;  // C, 1 for a number
  std::shared_ptr<ScoreLayer> classifier_;
};

}  // namespace albert::model
