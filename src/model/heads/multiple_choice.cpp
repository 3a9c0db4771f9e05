#include "model/heads/multiple_choice.h"

#include "model/heads/ragged.h"

namespace albert::model {

AlbertForMultipleChoice::AlbertForMultipleChoice(const AlbertConfig& config, const HeadConfig& head,
                                                 const Compute& compute)
    : TaskModel(config, head, compute, Pooling::kFirstToken),
      classifier_(register_module("classifier", std::make_shared<ScoreLayer>(config.hidden_size, 1, compute))) {}

at::Tensor AlbertForMultipleChoice::scores(const ItemBatch& batch, const Pass& pass) const {
  return classifier_->forward(pooled(batch, pass)).squeeze(1);  // [B]
}

at::Tensor AlbertForMultipleChoice::loss_sum(const at::Tensor& scores, const ItemBatch& batch) const {
  return ops::cross_entropy_sum(as_rows(scores, lengths_of(batch.item_offsets)), labels_of(batch));
}

}  // namespace albert::model
