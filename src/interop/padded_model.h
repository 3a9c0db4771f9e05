#pragma once

#include "interop/graph.h"
#include "model/head_config.h"

namespace albert::interop {

/// What a graph computes on top of the encoder.
enum class GraphHead {
  kTask,          ///< the head that the model was fine-tuned with
  kMaskedWords,   ///< that of pretraining, with the order of sentences
  kHiddenStates,  ///< none
};

/// The ALBERT that a graph is made of.
struct PaddedModel {
  model::AlbertConfig config;
  GraphHead head = GraphHead::kHiddenStates;
  model::HeadConfig task = {};      ///< for kTask
  bool has_sentence_order = false;  ///< for kMaskedWords: whether the model has the pooler and that head
};

/// Describes a model over padded batches, the only form in which other runtimes take texts: the encoder of ours never
/// sees padding (model/packed_batch.h). B sequences, L tokens of the longest, H hidden, C classes, V pieces.
///
/// Inputs: `input_ids`, `attention_mask` (1 for a token, 0 for padding) and `token_type_ids`, int64 [B, L]; for
/// multiple choice [B, choices, L]; for entity pairs also `entity_positions` [B, 2], the tokens at which the entities
/// start. Outputs, named as Optimum names them, where it has such a head:
///
/// - classes, a number, several labels: `logits` [B, C]
/// - tags: `logits` [B, L, C]
/// - spans: `start_logits`, `end_logits` [B, L]
/// - spans with answerability: `start_logits` [B, L]; `start_top_index` int64 [B, K], the K = min(num_starts, L) best
///   starts; `end_logits` [B, K, L], given each of them; `cls_logits` [B], of having no answer
/// - choices: `logits` [B, choices]
/// - entity pairs: `logits` [B, C]
/// - embeddings: `token_embeddings` [B, L, H]; `sentence_embedding` [B, H], of length 1
/// - masked words: `logits` [B, L, V]; `sop_logits` [B, 2] (of BERT `seq_relationship_logits`), if the model has that
///   head
/// - none: `last_hidden_state` [B, L, H]
void describe(const PaddedModel& model, GraphBuilder& graph);

/// The output of the head for the order of sentences, as Transformers names it.
const char* sentence_order_output(const PaddedModel& model);

}  // namespace albert::interop
