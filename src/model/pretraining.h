#pragma once

#include <cstdint>
#include <memory>

#include <torch/nn/module.h>

#include "model/albert_model.h"
#include "model/heads/pretraining.h"

namespace albert::model {

/// What the losses of an update are divided by: counts over all its micro-batches and ranks, so that the gradients add
/// up to those of one large batch.
struct LossNormalisers {
  double num_targets = 1;    ///< masked tokens
  double num_sequences = 1;  ///< sequences with an order label
};

/// What one micro-batch contributes to an update.
struct PretrainingOutput {
  /// float32 scalar to call backward() on: masked_lm_sum / num_targets + order_sum / num_sequences (Google gives both
  /// weight 1, run_pretraining.py:177). Undefined if the batch asks nothing.
  at::Tensor loss;
  // Sums over the batch, detached scalars, so that figures of micro-batches and ranks can be added before they are
  // read.
  at::Tensor masked_lm_sum;      ///< float32, of -log p(label)
  at::Tensor masked_lm_correct;  ///< int64, labels with the highest score
  at::Tensor order_sum;          ///< float32; undefined without that objective, and so the next
  at::Tensor order_correct;      ///< int64
};

/// ALBERT with the two heads of its pretraining: masked words and sentence order. Parameter names are Hugging Face's
/// (AlbertForPreTraining). P predictions, V vocabulary.
class AlbertForPretraining : public torch::nn::Module {
 public:
  AlbertForPretraining(const AlbertConfig& config, const Compute& compute);

  PretrainingOutput forward(const PretrainingBatch& batch, const LossNormalisers& normalisers, const Pass& pass) const;

  struct Logits {
    at::Tensor masked_lm;  ///< [P, V] compute type
    at::Tensor order;      ///< [B, 2] compute type
  };
  /// The scores of both heads, without dropout.
  Logits logits(const PretrainingBatch& batch, const Pass& pass = {}) const;
  /// The scores of the vocabulary for rows of the last hidden states: [R, H] -> [R, V], compute type.
  at::Tensor word_scores(const at::Tensor& hidden) const;

  const AlbertConfig& config() const { return config_; }
  const Compute& compute() const { return compute_; }
  const AlbertModel& albert() const { return *albert_; }
  /// For other heads on the same weights.
  std::shared_ptr<AlbertModel> encoder() const { return albert_; }

 private:
  AlbertConfig config_;
  Compute compute_;
  std::shared_ptr<AlbertModel> albert_;
  std::shared_ptr<MaskedLmHead> predictions_;
  std::shared_ptr<SentenceOrderHead> sop_classifier_;
};

}  // namespace albert::model
