#pragma once

#include "model/modules.h"
#include "model/task_model.h"

namespace albert::model {

/// How many scores a sequence has, see HeadKind::kEmbedding.
std::int64_t count_embedding_scores(const AlbertConfig& config, const HeadConfig& head, std::int64_t num_tokens);

/// Texts as vectors of length 1, so that their products are cosines: the mean of the hidden states, or the one of
/// [CLS], without a pooler; or, with EmbeddingPooling::kNone, the hidden states of the tokens as they are, and if they
/// are asked for the attention probabilities. The states are those of the last layer, or of several side by side; see
/// HeadConfig. An item of two sequences is trained by the objective; see EmbeddingObjective. I items, B sequences, K
/// layers, H hidden.
class AlbertForEmbedding : public TaskModel {
 public:
  AlbertForEmbedding(const AlbertConfig& config, const HeadConfig& head, const Compute& compute);
  /// On an encoder that other heads have, too.
  AlbertForEmbedding(const AlbertConfig& config, const HeadConfig& head, const Compute& compute,
                     std::shared_ptr<AlbertModel> encoder);

  /// -> [B, K H], or [sum of each item's scores] without pooling
  at::Tensor scores(const ItemBatch& batch, const Pass& pass) const override;
  at::Tensor loss_sum(const at::Tensor& scores, const ItemBatch& batch, const LossConfig& loss) const override;
  std::vector<std::int64_t> score_offsets(const ItemBatch& batch) const override;

 private:
  at::Tensor pool(const ItemBatch& batch, const Pass& pass) const;
  at::Tensor states(const ItemBatch& batch, const Pass& pass) const;
  at::Tensor inside(const ItemBatch& batch, const Pass& pass) const;

  std::shared_ptr<ScoreLayer> classifier_;  ///< null unless the objective is to classify pairs
};

}  // namespace albert::model
