#include "model/heads/masked_lm.h"

#include "model/activation.h"

namespace albert::model {

MaskedLmHead::MaskedLmHead(const AlbertConfig& config, const Compute& compute)
    : activation_(activation_of(config)),
      bias_(register_parameter("bias", at::zeros({config.vocab_size}, compute.device))),
      layer_norm_(register_module("LayerNorm",
                                  std::make_shared<LayerNorm>(config.embedding_size, config.layer_norm_eps, compute))),
      dense_(register_module("dense", std::make_shared<Linear>(config.hidden_size, config.embedding_size, compute))) {}

at::Tensor MaskedLmHead::forward(const at::Tensor& hidden, const ops::Weight& word_weight) const {
  const at::Tensor transformed = layer_norm_->forward(dense_->forward(hidden, activation_));  // [P, E]
  return ops::linear(transformed, word_weight, bias_);                                        // [P, V]
}

}  // namespace albert::model
