#include "model/statistics.h"

namespace albert::model {

namespace {

std::int64_t linear(std::int64_t in, std::int64_t out) {
  return in * out + out;
}

std::int64_t layer_norm(std::int64_t size) {
  return 2 * size;
}

std::int64_t layer(const AlbertConfig& c) {
  return 4 * linear(c.hidden_size, c.hidden_size) + linear(c.hidden_size, c.intermediate_size) +
         linear(c.intermediate_size, c.hidden_size) + 2 * layer_norm(c.hidden_size);
}

bool has_mapping(const AlbertConfig& c) {
  return c.model_type == ModelType::kAlbert;
}

/// Everything but the mapping, for embeddings of some width and a number of layers with parameters of their own.
ParameterCounts count(const AlbertConfig& c, std::int64_t width, std::int64_t num_layers) {
  ParameterCounts counts;
  counts.embeddings = (c.vocab_size + c.max_position_embeddings + c.type_vocab_size) * width + layer_norm(width);
  counts.layers = num_layers * layer(c);
  counts.pooler = linear(c.hidden_size, c.hidden_size);
  counts.masked_lm_head = linear(c.hidden_size, width) + layer_norm(width) + c.vocab_size;
  counts.sentence_order_head = linear(c.hidden_size, 2);
  return counts;
}

/// Operations per token for embeddings of some width.
FlopCounts count_flops(const AlbertConfig& c, const Workload& workload, double width) {
  const auto h = static_cast<double>(c.hidden_size), i = static_cast<double>(c.intermediate_size);
  const auto s = static_cast<double>(workload.sequence_length), v = static_cast<double>(c.vocab_size);
  const double keys_and_values = 2 * 2 * h * h;
  const double of_queries =
      2 * (2 * h * h + 2 * h * i) + 2 * 2 * s * h;  // query, output, feed-forward; scores and sums
  const double read_fraction = workload.masked_fraction + 1 / s;
  const auto num_layers = static_cast<double>(c.num_layer_applications());
  FlopCounts counts;
  counts.layers = num_layers * keys_and_values + (num_layers - 1 + read_fraction) * of_queries;
  counts.heads = workload.masked_fraction * 2 * (h * width + width * v) + 2 * (h * h + 2 * h) / s;
  return counts;
}

/// What a layer's application keeps per token, in elements of the compute type: its input, query, key, value, what
/// attention returns, both sums before the layer norms and the state between them (H each), and the feed-forward
/// product before and after its activation (I each).
double kept_per_token(const AlbertConfig& c) {
  return 8 * static_cast<double>(c.hidden_size) + 2 * static_cast<double>(c.intermediate_size);
}

TrainingMemory estimate(const AlbertConfig& c, const Workload& workload, double num_parameters) {
  const double element = workload.precision == Precision::kBFloat16 ? 2 : 4;
  const auto tokens = static_cast<double>(workload.sequence_length * workload.num_sequences);
  const auto num_layers = static_cast<double>(c.num_layer_applications());
  TrainingMemory memory;
  memory.parameters = memory.gradients = 4 * num_parameters;
  memory.optimizer = 8 * num_parameters;
  memory.compute_copies = workload.precision == Precision::kBFloat16 ? 2 * num_parameters : 0;
  // Recomputation keeps every layer's input, and all of the one that is being computed again.
  const double kept = workload.recompute ? num_layers * static_cast<double>(c.hidden_size) + kept_per_token(c)
                                         : num_layers * kept_per_token(c);
  memory.activations = element * tokens * kept;
  memory.logits = workload.masked_fraction * tokens * static_cast<double>(c.vocab_size) * 2 * element;
  return memory;
}

}  // namespace

ParameterCounts count_parameters(const AlbertConfig& config) {
  ParameterCounts counts = count(config, config.embedding_size, config.num_hidden_groups * config.inner_group_num);
  if (has_mapping(config)) counts.embedding_mapping = linear(config.embedding_size, config.hidden_size);
  return counts;
}

ParameterCounts count_bert_parameters(const AlbertConfig& config) {
  return count(config, config.hidden_size, config.num_layer_applications());
}

FlopCounts count_flops_per_token(const AlbertConfig& config, const Workload& workload) {
  FlopCounts counts = count_flops(config, workload, static_cast<double>(config.embedding_size));
  if (has_mapping(config))
    counts.embedding_mapping = 2 * static_cast<double>(config.embedding_size * config.hidden_size);
  return counts;
}

FlopCounts count_bert_flops_per_token(const AlbertConfig& config, const Workload& workload) {
  return count_flops(config, workload, static_cast<double>(config.hidden_size));
}

TrainingMemory estimate_training_memory(const AlbertConfig& config, const Workload& workload) {
  return estimate(config, workload, static_cast<double>(count_parameters(config).total()));
}

TrainingMemory estimate_bert_training_memory(const AlbertConfig& config, const Workload& workload) {
  return estimate(config, workload, static_cast<double>(count_bert_parameters(config).total()));
}

}  // namespace albert::model
