#include "model/heads/token_classification.h"

#include "model/heads/ragged.h"

namespace albert::model {

AlbertForTokenClassification::AlbertForTokenClassification(const AlbertConfig& config, const HeadConfig& head,
                                                           const Compute& compute)
    : TaskModel(config, head, compute, Pooling::kNone),
      classifier_(
          register_module("classifier", std::make_shared<ScoreLayer>(config.hidden_size, head.num_labels, compute))) {}

at::Tensor AlbertForTokenClassification::scores(const ItemBatch& batch, const Pass& pass) const {
  return classifier_->forward(asked_rows(batch, pass));  // [P, C]
}

at::Tensor AlbertForTokenClassification::loss_sum(const at::Tensor& scores, const ItemBatch& batch) const {
  if (scores.size(0) == 0) return scores.sum();  // no position is asked for, and so none is labelled
  return ops::cross_entropy_sum(scores, labels_of(batch));
}

std::vector<std::int64_t> AlbertForTokenClassification::score_offsets(const ItemBatch& batch) const {
  std::vector<std::int64_t> offsets;
  for (const std::int64_t position : batch.asked_offsets) offsets.push_back(position * head().num_labels);
  return offsets;
}

}  // namespace albert::model
