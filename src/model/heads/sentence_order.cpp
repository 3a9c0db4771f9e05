#include "model/heads/sentence_order.h"

namespace albert::model {

SentenceOrderHead::SentenceOrderHead(const AlbertConfig& config, const Compute& compute)
    : dropout_probability_(config.sentence_order_dropout ? config.classifier_dropout_prob : 0),
      classifier_(register_module("classifier", std::make_shared<Linear>(config.hidden_size, 2, compute))) {}

at::Tensor SentenceOrderHead::forward(const at::Tensor& pooled, const PackedBatch& batch, const Pass& pass) const {
  return classifier_->forward(
      ops::dropout(pooled, pass.dropout_of_sequences(dropout_probability_, DropoutSite::kClassifier, batch)));
}

}  // namespace albert::model
