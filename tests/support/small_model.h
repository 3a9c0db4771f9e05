#pragma once

#include <memory>

#include "model/initialize.h"
#include "model/pretraining.h"

namespace albert::testing {

/// A model of two layers for the FakeTokenizer's vocabulary.
inline std::shared_ptr<model::AlbertForPretraining> make_model(double dropout = 0, const model::Compute& compute = {}) {
  model::AlbertConfig config;
  config.vocab_size = 100;
  config.embedding_size = 8;
  config.hidden_size = 16;
  config.num_hidden_layers = 2;
  config.num_attention_heads = 2;
  config.intermediate_size = 32;
  config.max_position_embeddings = 64;
  config.hidden_dropout_prob = dropout;
  config.attention_probs_dropout_prob = dropout;
  config.initializer_range = 0.2;  // so that answers differ from one another
  auto model = std::make_shared<model::AlbertForPretraining>(config, compute);
  model::initialize(*model, config, 1);
  return model;
}

}  // namespace albert::testing
