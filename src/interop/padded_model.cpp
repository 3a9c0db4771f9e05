#include "interop/padded_model.h"

#include <spdlog/fmt/fmt.h>

#include "base/error.h"
#include "checkpoint/weight_names.h"

namespace albert::interop {

namespace {

constexpr const char* kBatch = "batch_size";
constexpr const char* kChoices = "num_choices";
constexpr const char* kLength = "sequence_length";

/// What stands in for the score of a token that is out of the question.
constexpr double kImpossible = -1e30;  // as model::AlbertForJointQuestionAnswering
/// What is added to the attention scores of padding: enough that their probability is 0, and within float16 with any
/// score on top.
constexpr double kPadding = -3e4;

/// What a batch of sequences is, all int64 [B, L].
struct Inputs {
  Value ids;
  Value mask;
  Value segments;
};

/// Builds the graph of one model from the inputs to the outputs.
class Builder {
 public:
  Builder(const PaddedModel& model, GraphBuilder& graph) : model_(model), config_(model.config), graph_(graph) {}

  void build();

 private:
  Inputs make_inputs(const Shape& shape);
  Value linear(const Value& x, const std::string& module) {
    return graph_.linear(x, module + ".weight", module + ".bias");
  }
  Value score(const Value& x, const std::string& module) {
    return graph_.score_layer(x, module + ".weight", module + ".bias");
  }
  Value layer_norm(const Value& x, const std::string& module) {
    return graph_.layer_norm(x, module + ".weight", module + ".bias", config_.layer_norm_eps);
  }

  Value embed(const Inputs& inputs);
  Value attention_bias(const Value& mask);
  Value apply_layer(const Value& hidden, const Value& bias, const std::string& layer);
  Value encode(const Inputs& inputs);
  Value pool(const Value& hidden);

  void build_task();
  void build_choices();
  void build_spans(const Value& hidden);
  void build_joint_spans(const Value& hidden, const Inputs& inputs);
  Value possible_tokens(const Inputs& inputs);
  Value score_ends(const Value& hidden, const Value& starts);
  Value score_answerless(const Value& hidden, const Value& start_scores);
  void build_entity_pair(const Value& hidden);
  void build_embedding(const Value& hidden, const Value& mask);
  void build_masked_words(const Value& hidden);

  const PaddedModel& model_;
  const model::AlbertConfig& config_;
  GraphBuilder& graph_;
};

Inputs Builder::make_inputs(const Shape& shape) {
  return {graph_.input("input_ids", shape), graph_.input("attention_mask", shape),
          graph_.input("token_type_ids", shape)};
}

Value Builder::embed(const Inputs& inputs) {
  graph_.begin_part("embeddings");
  const std::string prefix = "albert.embeddings.";
  const Value words = graph_.embedding(checkpoint::kWordEmbeddings, inputs.ids);                      // [B, L, E]
  const Value segments = graph_.embedding(prefix + "token_type_embeddings.weight", inputs.segments);  // [B, L, E]
  const Value positions = graph_.leading_rows(prefix + "position_embeddings.weight", inputs.ids);     // [L, E]
  const Value sum = graph_.add(graph_.add(words, segments), positions);
  Value normalised = layer_norm(sum, prefix + "LayerNorm");
  if (config_.model_type == model::ModelType::kBert) return normalised;
  return linear(normalised, "albert.encoder.embedding_hidden_mapping_in");  // [B, L, H]
}

/// 0 for a token, kPadding for padding: [B, 1, 1, L]
Value Builder::attention_bias(const Value& mask) {
  const Value tokens = graph_.cast(graph_.unsqueeze(graph_.unsqueeze(mask, 1), 1), ElementType::kCompute);
  const Value padding = graph_.add(graph_.number(1, ElementType::kCompute),
                                   graph_.multiply(tokens, graph_.number(-1, ElementType::kCompute)));
  return graph_.multiply(padding, graph_.number(kPadding, ElementType::kCompute));
}

Value Builder::apply_layer(const Value& hidden, const Value& bias, const std::string& layer) {
  const std::string attention = layer + ".attention";
  const Value attended = graph_.attention(linear(hidden, attention + ".query"), linear(hidden, attention + ".key"),
                                          linear(hidden, attention + ".value"), bias, config_.num_attention_heads);
  const Value middle = layer_norm(graph_.add(linear(attended, attention + ".dense"), hidden), attention + ".LayerNorm");
  const Value wide = graph_.activation(linear(middle, layer + ".ffn"), config_.hidden_act);  // [B, L, I]
  return layer_norm(graph_.add(linear(wide, layer + ".ffn_output"), middle), layer + ".full_layer_layer_norm");
}

Value Builder::encode(const Inputs& inputs) {
  Value hidden = embed(inputs);
  graph_.begin_part("mask");
  const Value bias = attention_bias(inputs.mask);
  std::int64_t application = 0;
  for (std::int64_t i = 0; i < config_.num_hidden_layers; ++i) {
    for (std::int64_t inner = 0; inner < config_.inner_group_num; ++inner) {
      graph_.begin_part(fmt::format("layer.{}", application++));
      hidden = apply_layer(
          hidden, bias,
          fmt::format("albert.encoder.albert_layer_groups.{}.albert_layers.{}", config_.group_of_layer(i), inner));
    }
  }
  graph_.begin_part("head");
  return hidden;
}

Value Builder::pool(const Value& hidden) {
  return graph_.tanh(linear(graph_.select(hidden, 1, 0), "albert.pooler"));  // [B, H]
}

void Builder::build_choices() {
  const Inputs choices = make_inputs({kBatch, kChoices, kLength});
  const Inputs sequences{graph_.flatten_choices(choices.ids), graph_.flatten_choices(choices.mask),
                         graph_.flatten_choices(choices.segments)};
  const Value scores = score(pool(encode(sequences)), "classifier");  // [B C, 1]
  graph_.output("logits", graph_.unflatten_choices(scores, choices.ids));
}

void Builder::build_spans(const Value& hidden) {
  const Value both = score(hidden, "qa_outputs");  // [B, L, 2]
  graph_.output("start_logits", graph_.select(both, 2, 0));
  graph_.output("end_logits", graph_.select(both, 2, 1));
}

/// Where an answer may begin and end: at the first token, and in segment 1 but for its [SEP]. bool [B, L]
Value Builder::possible_tokens(const Inputs& inputs) {
  const Value one = graph_.number(1, ElementType::kInt64);
  const Value columns = graph_.column_numbers(inputs.ids, config_.max_position_embeddings);                 // [L]
  const Value last = graph_.add(graph_.sum(inputs.mask, 1, true), graph_.number(-1, ElementType::kInt64));  // [B, 1]
  // Beyond the last token there is only padding, which the mask leaves out.
  const Value in_text = graph_.equal(graph_.multiply(inputs.segments, inputs.mask), one);
  const Value is_last = graph_.cast(graph_.equal(columns, last), ElementType::kInt64);
  const Value is_not_last = graph_.equal(is_last, graph_.number(0, ElementType::kInt64));
  return graph_.logical_or(graph_.logical_and(in_text, is_not_last),
                           graph_.equal(columns, graph_.number(0, ElementType::kInt64)));
}

/// Of every token to be the end given each start: starts [B, K] -> [B, K, L]
Value Builder::score_ends(const Value& hidden, const Value& starts) {
  const Value of_token = linear(hidden, "end_logits.dense_0_token");  // [B, L, H]
  const Value of_start = graph_.linear(graph_.select_tokens(hidden, starts), "end_logits.dense_0_start.weight", "");
  const Value given_start =
      graph_.tanh(graph_.add(graph_.unsqueeze(of_token, 1), graph_.unsqueeze(of_start, 2)));  // [B, K, L, H]
  return graph_.squeeze(score(layer_norm(given_start, "end_logits.LayerNorm"), "end_logits.dense_1"), 3);
}

/// Of having no answer: start_scores float32 [B, L] -> [B]
Value Builder::score_answerless(const Value& hidden, const Value& start_scores) {
  const Value weights = graph_.cast(graph_.unsqueeze(graph_.softmax(start_scores), 1), hidden.type);  // [B, 1, L]
  const Value expected_start = graph_.squeeze(graph_.matmul(weights, hidden), 1);                     // [B, H]
  const Value feature = graph_.tanh(
      linear(graph_.concatenate(expected_start, graph_.select(hidden, 1, 0)), "answer_class.dense_0"));  // [B, H]
  return graph_.squeeze(graph_.score_layer(feature, "answer_class.dense_1.weight", ""), 1);
}

void Builder::build_joint_spans(const Value& hidden, const Inputs& inputs) {
  const Value possible = possible_tokens(inputs);  // [B, L]
  const Value impossible = graph_.number(kImpossible, ElementType::kFloat);
  const Value start = graph_.where(possible, graph_.squeeze(score(hidden, "start_logits"), 2), impossible);  // [B, L]
  const Value best = graph_.top_positions(start, model_.task.num_starts);                                    // [B, K]
  const Value end = graph_.where(graph_.unsqueeze(possible, 1), score_ends(hidden, best), impossible);
  graph_.output("start_logits", start);
  graph_.output("start_top_index", best);
  graph_.output("end_logits", end);
  graph_.output("cls_logits", score_answerless(hidden, start));
}

void Builder::build_entity_pair(const Value& hidden) {
  const Value positions = graph_.input("entity_positions", {kBatch, 2});
  const Value starts = graph_.select_tokens(hidden, positions);  // [B, 2, H]
  const Value pair = graph_.concatenate(graph_.select(starts, 1, 0), graph_.select(starts, 1, 1));
  graph_.output("logits", score(pair, "classifier"));
}

void Builder::build_embedding(const Value& hidden, const Value& mask) {
  const Value states = graph_.cast(hidden, ElementType::kFloat);  // [B, L, H]
  Value vectors = graph_.select(states, 1, 0);                    // [B, H]
  if (model_.task.pooling == model::EmbeddingPooling::kMean) {
    const Value tokens = graph_.cast(graph_.unsqueeze(mask, 2), ElementType::kFloat);  // [B, L, 1]
    const Value sums = graph_.sum(graph_.multiply(states, tokens), 1, false);
    // A row of padding alone, as some batches are filled up with, is not divided by 0.
    vectors = graph_.divide(sums, graph_.maximum(graph_.sum(tokens, 1, false), graph_.number(1, ElementType::kFloat)));
  }
  const Value length = graph_.maximum(graph_.l2_norm(vectors), graph_.number(1e-12, ElementType::kFloat));  // [B, 1]
  graph_.output("token_embeddings", states);
  graph_.output("sentence_embedding", graph_.divide(vectors, length));
}

void Builder::build_masked_words(const Value& hidden) {
  const Value dense = graph_.activation(linear(hidden, "predictions.dense"), config_.hidden_act);  // [B, L, E]
  const Value words =
      graph_.tied_linear(layer_norm(dense, "predictions.LayerNorm"), checkpoint::kWordEmbeddings, "predictions.bias");
  graph_.output("logits", graph_.cast(words, ElementType::kFloat));
  if (!model_.has_sentence_order) return;
  graph_.output(sentence_order_output(model_), score(pool(hidden), "sop_classifier.classifier"));
}

void Builder::build_task() {
  using model::HeadKind;
  if (model_.task.kind == HeadKind::kMultipleChoice) return build_choices();
  const Inputs inputs = make_inputs({kBatch, kLength});
  const Value hidden = encode(inputs);  // [B, L, H]
  switch (model_.task.kind) {
    case HeadKind::kClassification:
    case HeadKind::kRegression:
    case HeadKind::kMultilabel:
      return graph_.output("logits", score(pool(hidden), "classifier"));
    case HeadKind::kTokenClassification:
      return graph_.output("logits", score(hidden, "classifier"));
    case HeadKind::kQuestionAnswering:
      return build_spans(hidden);
    case HeadKind::kJointQuestionAnswering:
      return build_joint_spans(hidden, inputs);
    case HeadKind::kEntityPair:
      return build_entity_pair(hidden);
    case HeadKind::kEmbedding:
      return build_embedding(hidden, inputs.mask);
    case HeadKind::kMultipleChoice:
      break;
  }
  throw InternalError("no graph of a head of kind {}", static_cast<int>(model_.task.kind));
}

void Builder::build() {
  if (model_.head == GraphHead::kTask) return build_task();
  const Inputs inputs = make_inputs({kBatch, kLength});
  const Value hidden = encode(inputs);
  if (model_.head == GraphHead::kMaskedWords) return build_masked_words(hidden);
  graph_.output("last_hidden_state", graph_.cast(hidden, ElementType::kFloat));
}

}  // namespace

const char* sentence_order_output(const PaddedModel& model) {
  return model.config.model_type == model::ModelType::kBert ? "seq_relationship_logits" : "sop_logits";
}

void describe(const PaddedModel& model, GraphBuilder& graph) {
  Builder(model, graph).build();
}

}  // namespace albert::interop
