#pragma once

#include <cstdint>

#include "model/config.h"
#include "model/precision.h"

namespace albert::model {

/// What a model of some shape costs, by arithmetic from its configuration alone.
///
/// Letters: V vocabulary, E embedding, H hidden, I intermediate, N heads, L applications of a layer, S tokens of a
/// sequence.

/// Numbers of parameters by part.
struct ParameterCounts {
  std::int64_t embeddings = 0;  ///< the three tables and their layer norm
  std::int64_t embedding_mapping = 0;
  std::int64_t layers = 0;  ///< all groups, each counted once
  std::int64_t pooler = 0;
  std::int64_t masked_lm_head = 0;  ///< without the decoder, which is the word table
  std::int64_t sentence_order_head = 0;

  std::int64_t total() const {
    return embeddings + embedding_mapping + layers + pooler + masked_lm_head + sentence_order_head;
  }
  bool operator==(const ParameterCounts&) const = default;
};

/// The parameters of AlbertForPretraining. Needs a vocab_size.
ParameterCounts count_parameters(const AlbertConfig& config);

/// The parameters of the BERT of the same shape, with its two pretraining heads (Devlin et al., arXiv 1810.04805):
/// every layer has its own parameters, the embeddings are H wide, and there is no mapping.
ParameterCounts count_bert_parameters(const AlbertConfig& config);

/// What a step is about.
struct Workload {
  std::int64_t sequence_length = 512;
  std::int64_t num_sequences = 1;  ///< how many a micro-batch has
  double masked_fraction = 0.15;   ///< the share of the tokens that is predicted
  Precision precision = Precision::kFloat32;
  bool recompute = false;
};

/// Floating-point operations for one token, a multiply-add counted as two; matrix products only, the rest is small
/// beside them.
struct FlopCounts {
  double embedding_mapping = 0;
  double layers = 0;  ///< products with weights and attention; of the last layer only what is read
  double heads = 0;   ///< masked words, pooler, sentence order

  double forward() const { return embedding_mapping + layers + heads; }
  /// The backward pass takes twice the forward one; recomputation repeats the layers.
  double training(bool recompute) const { return 3 * forward() + (recompute ? layers : 0); }
};

FlopCounts count_flops_per_token(const AlbertConfig& config, const Workload& workload);
/// The operations of the BERT of the same shape, computed in the same way.
FlopCounts count_bert_flops_per_token(const AlbertConfig& config, const Workload& workload);

/// Bytes held at the end of a forward pass in training, when most is held: an estimate, without the program itself and
/// its buffers.
struct TrainingMemory {
  double parameters = 0;      ///< float32
  double gradients = 0;       ///< float32
  double optimizer = 0;       ///< two float32 moments
  double compute_copies = 0;  ///< the weights in bfloat16
  double activations = 0;     ///< what the layers keep for the backward pass
  double logits = 0;          ///< scores of the vocabulary and their gradient

  double total() const { return parameters + gradients + optimizer + compute_copies + activations + logits; }
};

TrainingMemory estimate_training_memory(const AlbertConfig& config, const Workload& workload);
/// The memory of the BERT of the same shape.
TrainingMemory estimate_bert_training_memory(const AlbertConfig& config, const Workload& workload);

}  // namespace albert::model
