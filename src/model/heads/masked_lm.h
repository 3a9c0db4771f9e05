#pragma once

#include <memory>

#include <torch/nn/module.h>

#include "model/config.h"
#include "model/layer_norm.h"
#include "model/linear.h"

namespace albert::model {

/// Scores of the vocabulary for masked tokens. The decoder is the word table of the model, and so no parameter of this
/// head; its bias is. P predictions, H hidden, E embedding, V vocabulary.
class MaskedLmHead : public torch::nn::Module {
 public:
  MaskedLmHead(const AlbertConfig& config, const Compute& compute);

  /// hidden [P, H], word_weight [V, E] -> [P, V], all in the compute type
  at::Tensor forward(const at::Tensor& hidden, const ops::Weight& word_weight) const;

 private:
  ops::Activation activation_;
  at::Tensor bias_;  // [V]
  std::shared_ptr<LayerNorm> layer_norm_;
  std::shared_ptr<Linear> dense_;
};

}  // namespace albert::model
