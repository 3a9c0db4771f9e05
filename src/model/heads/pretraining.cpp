#include "model/heads/pretraining.h"

#include "model/modules.h"
#include "model/prediction_guard.h"

namespace albert::model {

MaskedLmHead::MaskedLmHead(const AlbertConfig& config, const Compute& compute)
    : is_frozen_(compute.is_frozen),
      activation_(activation_of(config)),
      bias_(register_parameter("bias", at::zeros({config.vocab_size}, compute.device))),
      layer_norm_(register_module("LayerNorm",
                                  std::make_shared<LayerNorm>(config.embedding_size, config.layer_norm_eps, compute))),
      dense_(register_module("dense", std::make_shared<Linear>(config.hidden_size, config.embedding_size, compute))) {}

at::Tensor MaskedLmHead::forward(const at::Tensor& hidden, const ops::Weight& word_weight) const {
  const at::Tensor transformed = layer_norm_->forward(dense_->forward(hidden, activation_));  // [P, E]
  const at::ScalarType type = transformed.scalar_type();
  if (is_frozen_ && PredictionGuard::is_on() && transformed.is_cpu() && ops::has_panels(type, transformed.size(1))) {
    const at::Tensor& table = word_weight.master;
    return ops::panel_linear(transformed, panels_.get(table, [&] { return ops::make_panels(table, type); }), bias_);
  }
  return ops::linear(transformed, word_weight, bias_);  // [P, V]
}

SentenceOrderHead::SentenceOrderHead(const AlbertConfig& config, const Compute& compute)
    : dropout_probability_(config.sentence_order_dropout ? config.classifier_dropout_prob : 0),
      classifier_(register_module("classifier", std::make_shared<Linear>(config.hidden_size, 2, compute))) {}

at::Tensor SentenceOrderHead::forward(const at::Tensor& pooled, const PackedBatch& batch, const Pass& pass) const {
  return classifier_->forward(
      ops::dropout(pooled, pass.dropout_of_sequences(dropout_probability_, DropoutSite::kClassifier, batch)));
}

}  // namespace albert::model
