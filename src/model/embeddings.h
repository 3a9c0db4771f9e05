#pragma once

#include <memory>

#include <torch/nn/module.h>

#include "model/compute_weight.h"
#include "model/config.h"
#include "model/modules.h"
#include "model/packed_batch.h"
#include "model/pass.h"

namespace albert::model {

/// A table of vectors. Parameter `weight` [entries, size], float32.
class Embedding : public torch::nn::Module, public ComputeWeight {
 public:
  Embedding(std::int64_t entries, std::int64_t size, const Compute& compute);

  /// ids [T] int64 -> [T, size] float32
  at::Tensor forward(const at::Tensor& ids) const;

 private:
  const at::Tensor& matrix() const override { return weight_; }

  at::Tensor weight_;  // [entries, size]
};

/// Sum of word, segment and position vectors, normalised; all in float32, because it is narrow and the start of
/// everything. T tokens, E embedding.
class AlbertEmbeddings : public torch::nn::Module {
 public:
  AlbertEmbeddings(const AlbertConfig& config, const Compute& compute);

  /// -> [T, E] float32.
  /// Throws ModelError if the batch has an id, a segment or a length that the tables do not have.
  at::Tensor forward(const PackedBatch& batch, const Pass& pass) const;

  /// The word table as a matrix: the decoder of the masked-word head is tied to it.
  ops::Weight word_weight() const { return word_embeddings_->compute_weight(); }

 private:
  void check(const PackedBatch& batch) const;

  AlbertConfig config_;
  std::shared_ptr<Embedding> word_embeddings_;
  std::shared_ptr<Embedding> position_embeddings_;
  std::shared_ptr<Embedding> token_type_embeddings_;
  std::shared_ptr<LayerNorm> layer_norm_;
};

}  // namespace albert::model
