#include "model/pretraining.h"

#include <tuple>

namespace albert::model {

namespace {

at::Tensor num_correct(const at::Tensor& logits, const at::Tensor& labels) {
  const at::NoGradGuard no_gradients;
  return std::get<1>(logits.max(1)).eq(labels).sum();  // argmax finds the same, six times slower in bfloat16
}

}  // namespace

AlbertForPretraining::AlbertForPretraining(const AlbertConfig& config, const Compute& compute)
    : config_(config),
      compute_(compute),
      albert_(register_module("albert", std::make_shared<AlbertModel>(config, compute))),
      predictions_(register_module("predictions", std::make_shared<MaskedLmHead>(config, compute))),
      sop_classifier_(register_module("sop_classifier", std::make_shared<SentenceOrderHead>(config, compute))) {}

AlbertForPretraining::Logits AlbertForPretraining::logits(const PretrainingBatch& batch, const Pass& pass) const {
  const at::Tensor hidden = albert_->forward(batch.sequences, &batch.read, pass);  // [R, H]
  const at::Tensor pooled = albert_->pool(hidden, batch.read.first_rows());        // [B, H]
  return {word_scores(ops::select_rows(hidden, batch.masked_in_read)),             // [P, V]
          sop_classifier_->forward(pooled, batch.sequences, pass)};                // [B, 2]
}

at::Tensor AlbertForPretraining::word_scores(const at::Tensor& hidden) const {
  return predictions_->forward(hidden, albert_->word_weight());  // [R, V]
}

PretrainingOutput AlbertForPretraining::forward(const PretrainingBatch& batch, const LossNormalisers& normalisers,
                                                const Pass& pass) const {
  const Logits scores = logits(batch, pass);
  PretrainingOutput output;
  const at::Tensor masked_lm_sum = ops::cross_entropy_sum(scores.masked_lm, batch.labels);  // []
  output.masked_lm_sum = masked_lm_sum.detach();
  output.masked_lm_correct = num_correct(scores.masked_lm, batch.labels);
  output.loss = masked_lm_sum / normalisers.num_targets;
  if (batch.order_labels.defined()) {
    const at::Tensor order_sum = ops::cross_entropy_sum(scores.order, batch.order_labels);  // []
    output.order_sum = order_sum.detach();
    output.order_correct = num_correct(scores.order, batch.order_labels);
    output.loss = output.loss + order_sum / normalisers.num_sequences;
  }
  return output;
}

}  // namespace albert::model
