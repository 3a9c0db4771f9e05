#pragma once

#include "model/modules.h"
#include "model/task_model.h"

namespace albert::model {

/// Texts as vectors of length 1, so that their products are cosines: the mean of the last hidden states, or the one of
/// [CLS], without a pooler. An item of two sequences is trained by the objective; see EmbeddingObjective. I items, B
/// sequences, H hidden.
class AlbertForEmbedding : public TaskModel {
 public:
  AlbertForEmbedding(const AlbertConfig& config, const HeadConfig& head, const Compute& compute);

  /// -> [B, H]
  at::Tensor scores(const ItemBatch& batch, const Pass& pass) const override;
  at::Tensor loss_sum(const at::Tensor& scores, const ItemBatch& batch) const override;
  std::vector<std::int64_t> score_offsets(const ItemBatch& batch) const override;

 private:
  at::Tensor pool(const ItemBatch& batch, const Pass& pass) const;

  std::shared_ptr<ScoreLayer> classifier_;  ///< null unless the objective is to classify pairs
};

}  // namespace albert::model
