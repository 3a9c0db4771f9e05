#pragma once

#include <memory>

#include <torch/nn/module.h>

#include "model/attention.h"

namespace albert::model {

/// One transformer layer, post-norm: attention, then a feed-forward network, each with residual and layer norm.
/// T tokens, R rows asked for, H hidden, I intermediate.
class AlbertLayer : public torch::nn::Module {
 public:
  AlbertLayer(const AlbertConfig& config, const Compute& compute);

  /// hidden [T, H] -> [R, H], or [T, H] where the context selects no rows
  at::Tensor forward(const at::Tensor& hidden, const LayerContext& context) const;

 private:
  AlbertConfig config_;
  std::shared_ptr<LayerNorm> full_layer_layer_norm_;
  std::shared_ptr<AlbertAttention> attention_;
  std::shared_ptr<Linear> ffn_;
  std::shared_ptr<Linear> ffn_output_;
};

}  // namespace albert::model
