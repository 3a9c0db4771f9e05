#include "model/embeddings.h"

#include "base/error.h"

namespace albert::model {

Embedding::Embedding(std::int64_t entries, std::int64_t size, const Compute& compute)
    : ComputeWeight(compute), weight_(register_parameter("weight", at::zeros({entries, size}, compute.device))) {}

at::Tensor Embedding::forward(const at::Tensor& ids) const {
  return ops::embedding(weight_, ids);
}

AlbertEmbeddings::AlbertEmbeddings(const AlbertConfig& config, const Compute& compute)
    : config_(config),
      word_embeddings_(register_module("word_embeddings",
                                       std::make_shared<Embedding>(config.vocab_size, config.embedding_size, compute))),
      position_embeddings_(
          register_module("position_embeddings",
                          std::make_shared<Embedding>(config.max_position_embeddings, config.embedding_size, compute))),
      token_type_embeddings_(
          register_module("token_type_embeddings",
                          std::make_shared<Embedding>(config.type_vocab_size, config.embedding_size, compute))),
      layer_norm_(register_module("LayerNorm",
                                  std::make_shared<LayerNorm>(config.embedding_size, config.layer_norm_eps, compute))) {
  if (config.vocab_size == 0)
    throw InternalError("the model's vocab_size is 0: set it from the tokenizer before building the model");
}

at::Tensor AlbertEmbeddings::forward(const PackedBatch& batch, const Pass& pass) const {
  check(batch);
  const at::Tensor sum = word_embeddings_->forward(batch.token_ids) +
                         token_type_embeddings_->forward(batch.segment_ids) +
                         position_embeddings_->forward(batch.positions);  // [T, E]
  return ops::dropout(layer_norm_->forward(sum),
                      pass.dropout(config_.hidden_dropout_prob, 0, DropoutSite::kEmbeddings, batch.row_numbers));
}

void AlbertEmbeddings::check(const PackedBatch& batch) const {
  if (batch.max_length > config_.max_position_embeddings) {
    throw ModelError(
        "a sequence of {} tokens is too long for the model, whose max_position_embeddings is {}: shorten it, or train "
        "with more positions",
        batch.max_length, config_.max_position_embeddings);
  }
  if (batch.max_token_id >= config_.vocab_size) {
    throw ModelError("token id {} is outside the model's vocabulary of {}: the text was encoded with another tokenizer",
                     batch.max_token_id, config_.vocab_size);
  }
  if (batch.max_segment_id >= config_.type_vocab_size) {
    throw ModelError("segment id {} is outside the model's type_vocab_size {}", batch.max_segment_id,
                     config_.type_vocab_size);
  }
}

}  // namespace albert::model
