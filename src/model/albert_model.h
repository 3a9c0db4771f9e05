#pragma once

#include <memory>
#include <vector>

#include <torch/nn/module.h>

#include "model/embeddings.h"
#include "model/encoder.h"

namespace albert::model {

/// Whether a model has the pooler: those whose heads read single tokens save none (question answering, token
/// classification).
enum class Pooling { kNone, kFirstToken };

/// The ALBERT without heads (Lan et al., arXiv 1909.11942): the child "albert" of every model with a head.
/// B sequences, T tokens, R rows asked for, H hidden.
class AlbertModel : public torch::nn::Module {
 public:
  AlbertModel(const AlbertConfig& config, const Compute& compute, Pooling pooling = Pooling::kFirstToken);

  /// What the encoder begins with: [T, E] float32. That of the pass, if it has one.
  at::Tensor embed(const PackedBatch& batch, const Pass& pass) const;

  /// The last hidden states of the rows that are read.
  /// \param selection null: all rows
  /// \return [R, H] compute type, or [T, H]
  /// Throws ModelError for a batch that does not fit the model.
  at::Tensor forward(const PackedBatch& batch, const RowSelection* selection, const Pass& pass) const;

  /// The hidden states of every row: output_hidden_states of Transformers; and the attention probabilities, if they are
  /// wanted: output_attentions.
  /// \param wanted says of which layers
  EncoderTrace look_inside(const PackedBatch& batch, const Pass& pass, EncoderTrace wanted) const;

  /// tanh(dense([CLS])).
  /// \param hidden what forward() returned
  /// \param first_rows [B] int32 or int64, where in it each sequence begins
  /// \return [B, H] compute type
  at::Tensor pool(const at::Tensor& hidden, const at::Tensor& first_rows) const;

  ops::Weight word_weight() const { return embeddings_->word_weight(); }

 private:
  std::shared_ptr<AlbertEmbeddings> embeddings_;
  std::shared_ptr<AlbertTransformer> encoder_;
  std::shared_ptr<Linear> pooler_;  ///< null without pooling
};

}  // namespace albert::model
