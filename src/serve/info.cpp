#include "serve/info.h"

#include <nlohmann/json.hpp>

#include "base/json.h"

namespace albert::serve {

using nlohmann::ordered_json;

namespace {

/// As Text Embeddings Inference says what a model is: {"classifier": {...}}.
ordered_json model_type(const ModelFacts& facts) {
  if (facts.can(Ability::kEmbedSparse) && !facts.can(Ability::kEmbed)) return {{"embedding", {{"pooling", "splade"}}}};
  if (facts.can(Ability::kEmbed)) return {{"embedding", {{"pooling", facts.pools_first_token ? "cls" : "mean"}}}};
  ordered_json names = ordered_json::object();
  ordered_json numbers = ordered_json::object();
  for (std::size_t i = 0; i < facts.labels.size(); ++i) {
    names[std::to_string(i)] = facts.labels[i];
    numbers[facts.labels[i]] = i;
  }
  return {{"classifier", {{"id2label", names}, {"label2id", numbers}}}};
}

ordered_json describe(const ServedModel& model) {
  const ModelFacts& facts = model.facts;
  ordered_json routes = ordered_json::array();
  for (const Ability ability : facts.abilities) routes.push_back(route_of(ability));
  ordered_json object = {{"name", facts.name},
                         {"model_id", facts.path.string()},
                         {"model_dtype", facts.precision},
                         {"model_type", model_type(facts)},
                         {"max_input_length", facts.max_length},
                         {"vocabulary_size", model.tokenizer->vocabulary_size()},
                         {"can", routes}};
  if (!facts.labels.empty()) object["labels"] = facts.labels;
  if (facts.can(Ability::kPredict)) object["reads_pairs"] = facts.has_pairs;
  if (facts.vector_size > 0) object["vector_size"] = facts.vector_size;
  ordered_json indexes = ordered_json::array();
  for (const auto& [name, index] : model.indexes) indexes.push_back(name);
  if (!indexes.empty()) object["indexes"] = indexes;
  return object;
}

}  // namespace

std::string info_json(const ModelList& models, const InfoOptions& options) {
  const auto all = models.all();
  const ModelFacts& first = all.front()->facts;
  ordered_json list = ordered_json::array();
  for (const auto& model : all) list.push_back(describe(*model));
  return dump_json(ordered_json{{"model_id", first.path.string()},
                                {"model_sha", nullptr},
                                {"model_dtype", first.precision},
                                {"model_type", model_type(first)},
                                {"max_concurrent_requests", options.max_concurrent_requests},
                                {"max_input_length", first.max_length},
                                {"max_batch_tokens", options.max_batch_tokens},
                                {"max_client_batch_size", options.limits.max_client_batch_size},
                                {"auto_truncate", options.limits.truncates},
                                {"version", options.version},
                                {"models", list}});
}

std::string openai_models_json(const ModelList& models) {
  ordered_json list = ordered_json::array();
  for (const auto& model : models.all()) {
    if (!model->facts.can(Ability::kEmbed)) continue;
    list.push_back({{"id", model->facts.name}, {"object", "model"}, {"created", 0}, {"owned_by", "albert"}});
  }
  return dump_json(ordered_json{{"object", "list"}, {"data", list}});
}

}  // namespace albert::serve
