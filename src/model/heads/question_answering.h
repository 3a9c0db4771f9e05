#pragma once

#include "model/heads/score_layer.h"
#include "model/task_model.h"

namespace albert::model {

/// The first and last token of an answer: a linear layer scores every token as either, without a pooler (Hugging Face's
/// AlbertForQuestionAnswering). T tokens, H hidden.
class AlbertForQuestionAnswering : public TaskModel {
 public:
  AlbertForQuestionAnswering(const AlbertConfig& config, const HeadConfig& head, const Compute& compute);

  /// -> [2 T]: of each item the scores of its tokens to be the start, then to be the end
  at::Tensor scores(const ItemBatch& batch, const Pass& pass) const override;
  at::Tensor loss_sum(const at::Tensor& scores, const ItemBatch& batch) const override;
  std::vector<std::int64_t> score_offsets(const ItemBatch& batch) const override;

 private:
  std::shared_ptr<ScoreLayer> qa_outputs_;
};

}  // namespace albert::model
