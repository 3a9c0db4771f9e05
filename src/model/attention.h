#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include <torch/nn/module.h>

#include "model/config.h"
#include "model/modules.h"
#include "model/packed_batch.h"
#include "model/pass.h"

namespace albert::model {

/// What an encoder computes on its way, for those who look inside: of the layers that they name, and of no others, for
/// which there may be no room. Layer 0 is the mapped embeddings, layer n the n-th application of a layer.
struct EncoderTrace {
  std::set<std::int64_t> layers = {};              ///< that are wanted
  bool wants_attentions = false;                   ///< their attention probabilities too; layer 0 has none
  std::map<std::int64_t, at::Tensor> states = {};  ///< by layer: what it returned [T, H]
  /// By layer: the attention probabilities [B] of [N, L, L] float32.
  std::map<std::int64_t, std::vector<at::Tensor>> attentions = {};

  void take_state(std::int64_t layer, const at::Tensor& state) {
    if (layers.contains(layer)) states.emplace(layer, state);
  }
};

/// Where a layer is applied: to which batch, for which rows, as which application of the model's layers.
struct LayerContext {
  const PackedBatch& batch;
  const RowSelection* selection;  ///< the rows to compute; null: all
  std::int64_t application;       ///< counts the layers' applications from 0
  const Pass& pass;
  EncoderTrace* trace = nullptr;  ///< takes the attention probabilities that it wants; may be null

  bool is_attention_wanted() const {
    return trace && trace->wants_attentions && trace->layers.contains(application + 1);
  }
  const at::Tensor& row_numbers() const { return selection ? selection->row_numbers : batch.row_numbers; }
  /// Where the rows to compute belong, and where the tokens do.
  ops::SequenceRows queries() const {
    return selection ? ops::SequenceRows(selection->offsets, selection->row_offsets) : keys();
  }
  ops::SequenceRows keys() const { return {batch.offsets, batch.row_offsets}; }
};

/// Multi-head self-attention inside each sequence, with its residual and layer norm. T tokens, R rows asked for, H
/// hidden.
class AlbertAttention : public torch::nn::Module {
 public:
  AlbertAttention(const AlbertConfig& config, const Compute& compute);

  /// \param hidden [T, H] all rows: they are the keys and values
  /// \param asked [R, H] the rows asked for: they are the queries
  /// \return [R, H]
  at::Tensor forward(const at::Tensor& hidden, const at::Tensor& asked, const LayerContext& context) const;

 private:
  AlbertConfig config_;
  std::shared_ptr<Linear> query_;
  std::shared_ptr<Linear> key_;
  std::shared_ptr<Linear> value_;
  std::shared_ptr<Linear> dense_;
  std::shared_ptr<LayerNorm> layer_norm_;
};

}  // namespace albert::model
