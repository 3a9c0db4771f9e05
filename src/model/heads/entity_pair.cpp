#include "model/heads/entity_pair.h"

#include "model/heads/ragged.h"

namespace albert::model {

AlbertForEntityPair::AlbertForEntityPair(const AlbertConfig& config, const HeadConfig& head, const Compute& compute)
    : TaskModel(config, head, compute, Pooling::kNone),
      classifier_(register_module("classifier",
                                  std::make_shared<ScoreLayer>(2 * config.hidden_size, head.num_labels, compute))) {}

at::Tensor AlbertForEntityPair::scores(const ItemBatch& batch, const Pass& pass) const {
  const at::Tensor starts = asked_rows(batch, pass);                                     // [2 I, H]
  return classifier_->forward(starts.reshape({batch.num_items(), 2 * starts.size(1)}));  // [I, C]
}

at::Tensor AlbertForEntityPair::loss_sum(const at::Tensor& scores, const ItemBatch& batch) const {
  return ops::cross_entropy_sum(scores, labels_of(batch));
}

std::vector<std::int64_t> AlbertForEntityPair::score_offsets(const ItemBatch& batch) const {
  return equal_offsets(batch.num_items(), head().num_labels);
}

}  // namespace albert::model
