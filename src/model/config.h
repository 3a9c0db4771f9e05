#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "config/fields.h"

namespace albert::model {

/// Whose architecture a model is, by Hugging Face's names.
enum class ModelType {
  kAlbert,  ///< "albert"
  /// "bert" (Devlin et al., arXiv 1810.04805): no layer shares its parameters, and the embeddings are as wide as the
  /// layers and go into them without a mapping.
  kBert,
};

/// The activation of the feed-forward half of a layer and of the masked-word head, by Hugging Face's names.
enum class HiddenActivation {
  kGelu,     ///< "gelu": the exact one, with erf. Google's code calls the tanh approximation so (modeling.py:299)
  kGeluNew,  ///< "gelu_new": the tanh approximation
  kRelu,     ///< "relu"
};

/// The distribution of new weight matrices, both with standard deviation `initializer_range` before truncation.
enum class Initializer {
  kTruncatedNormal,  ///< Google's: values beyond two standard deviations are drawn again
  kNormal,           ///< Hugging Face's
};

/// The shape of an ALBERT, under Hugging Face's names and with its defaults (those of xxlarge-v2), so that a
/// config.json means the same here.
///
/// Variants are values: layers that share nothing are num_hidden_groups = num_hidden_layers, an unfactorised
/// embedding is embedding_size = hidden_size. As in Hugging Face the mapping from E to H exists even then (Google
/// leaves it out), so that every ALBERT has the same set of parameter names. BERT is the model type that has none.
struct AlbertConfig {
  ModelType model_type = ModelType::kAlbert;
  std::int64_t vocab_size = 0;  ///< 0: that of the tokenizer
  std::int64_t embedding_size = 128;
  std::int64_t hidden_size = 4096;
  std::int64_t num_hidden_layers = 12;
  std::int64_t num_hidden_groups = 1;
  std::int64_t inner_group_num = 1;
  std::int64_t num_attention_heads = 64;
  std::int64_t intermediate_size = 16384;
  HiddenActivation hidden_act = HiddenActivation::kGeluNew;
  double hidden_dropout_prob = 0;
  double attention_probs_dropout_prob = 0;
  double classifier_dropout_prob = 0.1;
  std::int64_t max_position_embeddings = 512;
  std::int64_t type_vocab_size = 2;
  double initializer_range = 0.02;
  double layer_norm_eps = 1e-12;
  std::int64_t pad_token_id = 0;
  std::int64_t bos_token_id = 2;
  std::int64_t eos_token_id = 3;

  // Where Google's code and Hugging Face's differ. The defaults are Google's, as in the published pretraining.
  bool ffn_output_dropout = true;
  bool sentence_order_dropout = false;
  Initializer initializer = Initializer::kTruncatedNormal;

  bool operator==(const AlbertConfig&) const = default;

  void fields(config::Fields& f);
  /// The part of fields() that config.json has at its top level.
  void hugging_face_fields(config::Fields& f);
  /// The part of fields() that config.json has under "albert_cpp".
  void own_fields(config::Fields& f);

  void check(config::Checks& c) const { check(c, "model."); }
  /// \param prefix of the keys in the messages
  void check(config::Checks& c, const std::string& prefix) const;

  std::int64_t head_size() const { return hidden_size / num_attention_heads; }
  /// Number of times that a layer is applied: each step through the groups applies every layer of its group.
  std::int64_t num_layer_applications() const { return num_hidden_layers * inner_group_num; }
  /// The group whose parameters layer `layer` uses: int(i / (L / G)) in floating point, as Hugging Face computes it
  /// (modeling_albert.py).
  std::int64_t group_of_layer(std::int64_t layer) const;
};

}  // namespace albert::model
