#pragma once

#include <memory>
#include <vector>

#include <torch/nn/module.h>

#include "model/attention.h"
#include "model/modules.h"

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

/// The layers that share a set of parameters' place: `inner_group_num` of them, one after the other.
class AlbertLayerGroup : public torch::nn::Module {
 public:
  AlbertLayerGroup(const AlbertConfig& config, const Compute& compute);
  const ModuleList<AlbertLayer>& layers() const { return *albert_layers_; }

 private:
  std::shared_ptr<ModuleList<AlbertLayer>> albert_layers_;
};

/// The mapping from embeddings to hidden states and the stack of layers. T tokens, R rows asked for, E embedding, H
/// hidden.
class AlbertTransformer : public torch::nn::Module {
 public:
  AlbertTransformer(const AlbertConfig& config, const Compute& compute);

  /// \param embedded [T, E] float32
  /// \param selection the rows that are read of the result; null: all. The last layer computes no others.
  /// \param trace if not null, takes the hidden states and attention probabilities that it wants
  /// \return [R, H] compute type, or [T, H]
  at::Tensor forward(const at::Tensor& embedded, const PackedBatch& batch, const RowSelection* selection,
                     const Pass& pass, EncoderTrace* trace = nullptr) const;

 private:
  at::Tensor apply(const AlbertLayer& layer, const at::Tensor& hidden, const LayerContext& context) const;

  AlbertConfig config_;
  at::ScalarType compute_type_;
  std::shared_ptr<Linear> embedding_hidden_mapping_in_;  ///< null in BERT
  std::shared_ptr<ModuleList<AlbertLayerGroup>> albert_layer_groups_;
};

}  // namespace albert::model
