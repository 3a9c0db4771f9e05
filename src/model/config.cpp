#include "model/config.h"

#include "base/error.h"

namespace albert::model {

namespace {

/// Wider than any model that is trained: what a damaged file says does not fill the memory.
constexpr double kMaxWidth = 1 << 16;

}  // namespace

void AlbertConfig::hugging_face_fields(config::Fields& f) {
  using config::at_least, config::between, config::positive;
  f.choice("model_type", model_type,
           "architecture: albert, or bert: layers that share nothing, as wide as the embeddings, without a mapping",
           {{"albert", ModelType::kAlbert}, {"bert", ModelType::kBert}});
  f("vocab_size", vocab_size, "V, pieces of the vocabulary; 0: as many as the tokenizer has", between(0, 10'000'000));
  f("embedding_size", embedding_size, "E, width of the embedding tables", between(1, kMaxWidth));
  f("hidden_size", hidden_size, "H, width of the layers", between(1, kMaxWidth));
  f("num_hidden_layers", num_hidden_layers, "L, steps through the groups", between(1, 1000));
  f("num_hidden_groups", num_hidden_groups, "G, sets of parameters that the layers share; L: nothing is shared",
    between(1, 1000));
  f("inner_group_num", inner_group_num, "layers inside a group, each with its own parameters", between(1, 100));
  f("num_attention_heads", num_attention_heads, "N, divides H", between(1, kMaxWidth));
  f("intermediate_size", intermediate_size, "width inside the feed-forward half of a layer",
    between(1, 16 * kMaxWidth));
  f.choice(
      "hidden_act", hidden_act, "activation: gelu (erf), gelu_new (tanh approximation) or relu",
      {{"gelu", HiddenActivation::kGelu}, {"gelu_new", HiddenActivation::kGeluNew}, {"relu", HiddenActivation::kRelu}});
  f("hidden_dropout_prob", hidden_dropout_prob, "share of dropped elements of embeddings and of both halves' outputs",
    between(0, 0.99));
  f("attention_probs_dropout_prob", attention_probs_dropout_prob, "share of dropped attention probabilities",
    between(0, 0.99));
  f("classifier_dropout_prob", classifier_dropout_prob, "share of dropped elements before a task's classifier",
    between(0, 0.99));
  f("max_position_embeddings", max_position_embeddings, "longest sequence in tokens", between(1, 1'000'000));
  f("type_vocab_size", type_vocab_size, "number of segment types", between(1, 1'000'000));
  f("initializer_range", initializer_range, "standard deviation of new weights", positive());
  f("layer_norm_eps", layer_norm_eps, "added to the variance by layer norm", positive());
  f("pad_token_id", pad_token_id, "id of <pad>", at_least(0));
  f("bos_token_id", bos_token_id, "id of [CLS]", at_least(0));
  f("eos_token_id", eos_token_id, "id of [SEP]", at_least(0));
}

void AlbertConfig::own_fields(config::Fields& f) {
  f("ffn_output_dropout", ffn_output_dropout,
    "dropout after the feed-forward output: Google applies it (modeling.py:1010), Hugging Face does not");
  f("sentence_order_dropout", sentence_order_dropout,
    "dropout before the sentence-order classifier: Google applies none (run_pretraining.py:340), Hugging Face does");
  f.choice("initializer", initializer,
           "distribution of new weights: truncated_normal (Google) or normal (Hugging Face)",
           {{"truncated_normal", Initializer::kTruncatedNormal}, {"normal", Initializer::kNormal}});
}

void AlbertConfig::fields(config::Fields& f) {
  hugging_face_fields(f);
  own_fields(f);
}

void AlbertConfig::check(config::Checks& c, const std::string& prefix) const {
  if (hidden_size % num_attention_heads != 0) {
    c.fail(prefix + "num_attention_heads",
           fmt::format("expected a divisor of hidden_size {}, found {}", hidden_size, num_attention_heads));
  }
  if (num_hidden_groups > num_hidden_layers) {
    c.fail(prefix + "num_hidden_groups",
           fmt::format("expected at most num_hidden_layers {}, found {}: a group beyond that would never be used",
                       num_hidden_layers, num_hidden_groups));
  }
  if (model_type == ModelType::kBert) {
    const auto expect = [&](const char* name, std::int64_t found, const char* as, std::int64_t expected) {
      if (found == expected) return;
      c.fail(prefix + name, fmt::format("expected {}, as {} in a model of type bert, found {}", expected, as, found));
    };
    expect("embedding_size", embedding_size, "hidden_size is", hidden_size);
    expect("num_hidden_groups", num_hidden_groups, "num_hidden_layers is", num_hidden_layers);
    expect("inner_group_num", inner_group_num, "always", 1);
  }
  if (vocab_size == 0) return;
  for (const auto& [name, id] : {std::pair{"pad_token_id", pad_token_id}, std::pair{"bos_token_id", bos_token_id},
                                 std::pair{"eos_token_id", eos_token_id}}) {
    if (id >= vocab_size)
      c.fail(prefix + name, fmt::format("expected an id below vocab_size {}, found {}", vocab_size, id));
  }
}

std::int64_t AlbertConfig::group_of_layer(std::int64_t layer) const {
  const double layers_per_group = static_cast<double>(num_hidden_layers) / static_cast<double>(num_hidden_groups);
  return static_cast<std::int64_t>(static_cast<double>(layer) / layers_per_group);
}

}  // namespace albert::model
