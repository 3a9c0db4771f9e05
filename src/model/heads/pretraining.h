#pragma once

#include <memory>

#include <torch/nn/module.h>

#include "model/config.h"
#include "model/modules.h"
#include "model/packed_batch.h"
#include "model/pass.h"

namespace albert::model {

/// Scores of the vocabulary for masked tokens. The decoder is the word table of the model, and so no parameter of this
/// head; its bias is. P predictions, H hidden, E embedding, V vocabulary.
class MaskedLmHead : public torch::nn::Module {
 public:
  MaskedLmHead(const AlbertConfig& config, const Compute& compute);

  /// hidden [P, H], word_weight [V, E] -> [P, V], all in the compute type. Of a model for prediction alone what a row
  /// gives does not depend on the others.
  at::Tensor forward(const at::Tensor& hidden, const ops::Weight& word_weight) const;

 private:
  bool is_frozen_;
  ops::Activation activation_;
  at::Tensor bias_;  // [V]
  std::shared_ptr<LayerNorm> layer_norm_;
  std::shared_ptr<Linear> dense_;
  mutable MadeOfMatrix<ops::Panels> panels_;  // of the word table
};

/// Scores of "in order" (0) and "swapped" (1) for whole sequences. B sequences, H hidden.
class SentenceOrderHead : public torch::nn::Module {
 public:
  SentenceOrderHead(const AlbertConfig& config, const Compute& compute);

  /// pooled [B, H] -> [B, 2], compute type
  at::Tensor forward(const at::Tensor& pooled, const PackedBatch& batch, const Pass& pass) const;

 private:
  double dropout_probability_;
  std::shared_ptr<Linear> classifier_;
};

}  // namespace albert::model
