#include "model/config_json.h"

#include <array>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/json.h"
#include "config/json_fields.h"

namespace albert::model {

namespace {

using nlohmann::json;

json parse_object(std::string_view text, std::string_view source) {
  try {
    json object = read_json(text);
    if (object.is_object()) return object;
  } catch (const json::parse_error& error) {
    throw ModelError("{}: not JSON at byte {}: {}", source, error.byte, json_problem_without_place(error));
  } catch (const json::exception& error) {  // a number that is out of range
    throw ModelError("{}: JSON that cannot be read: {}", source, json_problem(error));
  }
  throw ModelError("{}: expected a JSON object", source);
}

/// Settings of other implementations under which the model would compute something else.
void find_unsupported(const json& object, std::vector<std::string>& mistakes) {
  const std::pair<const char*, json> only_values[] = {{"position_embedding_type", "absolute"},
                                                      {"is_decoder", false},
                                                      {"add_cross_attention", false},
                                                      {"tie_word_embeddings", true},
                                                      {"net_structure_type", 0},
                                                      {"gap_size", 0},
                                                      {"num_memory_blocks", 0},
                                                      {"down_scale_factor", 1}};
  for (const auto& [name, value] : only_values) {
    const auto found = object.find(name);
    if (found == object.end() || found->is_null() || *found == value) continue;
    mistakes.push_back(fmt::format("{}: only {} is supported, found {}", name, value.dump(), short_json(*found)));
  }
}

constexpr const char* kModelType = "model_type";
constexpr const char* kArchitectures = "architectures";
constexpr const char* kDropout = "classifier_dropout_prob";
constexpr const char* kBertDropout = "classifier_dropout";
/// What BERT has no settings for.
constexpr std::array<const char*, 3> kOnlyAlbert = {"embedding_size", "num_hidden_groups", "inner_group_num"};

bool is_bert(const json& object) {
  const auto type = object.find(kModelType);
  return type != object.end() && *type == "bert";
}

/// A name of Transformers' classes for ALBERT as that for BERT: "BertForMultipleChoice".
json bert_class(const json& name) {
  constexpr std::string_view kFamily = "Albert";
  const auto text = name.get<std::string>();
  return text.starts_with(kFamily) ? "Bert" + text.substr(kFamily.size()) : text;
}

/// From the settings of an ALBERT to those that Transformers' BertConfig has.
void write_as_bert(json& object) {
  for (const char* name : kOnlyAlbert) object.erase(name);
  object[kBertDropout] = object[kDropout];
  object.erase(kDropout);
  if (const auto classes = object.find(kArchitectures); classes != object.end()) {
    for (json& name : *classes) name = bert_class(name);
  }
}

/// From the settings of a BERT to those of the ALBERT that computes it, with BertConfig's defaults where they are others.
void read_as_bert(json& object, AlbertConfig& config) {
  config.hidden_size = 768;
  config.num_attention_heads = 12;
  config.intermediate_size = 3072;
  config.hidden_act = HiddenActivation::kGelu;
  config.hidden_dropout_prob = config.attention_probs_dropout_prob = config.classifier_dropout_prob = 0.1;
  config.vocab_size = 30522;
  for (const char* name : kOnlyAlbert) object.erase(name);
  const auto dropout = object.find(kBertDropout);
  const bool is_set = dropout != object.end() && !dropout->is_null();
  if (is_set) {
    object[kDropout] = *dropout;
  } else if (const auto usual = object.find("hidden_dropout_prob"); usual != object.end()) {
    object[kDropout] = *usual;
  }
}

}  // namespace

std::string to_config_json(const AlbertConfig& config, std::string_view extra) {
  json object = {{"tie_word_embeddings", true}, {"albert_cpp", json::object()}};
  AlbertConfig copy = config;
  config::JsonWriter top(object);
  copy.hugging_face_fields(top);
  config::JsonWriter own(object["albert_cpp"]);
  copy.own_fields(own);
  object.merge_patch(parse_object(extra, "additions to config.json"));
  if (config.model_type == ModelType::kBert) write_as_bert(object);
  return object.dump(2) + "\n";
}

AlbertConfig parse_config_json(std::string_view text, std::string_view source) {
  json object = parse_object(text, source);
  // The same function under another of Transformers' names.
  if (const auto found = object.find("hidden_act"); found != object.end() && *found == "gelu_pytorch_tanh") {
    *found = "gelu_new";
  }
  AlbertConfig config;
  config.vocab_size = 30000;  // Hugging Face's default
  if (is_bert(object)) read_as_bert(object, config);
  config::JsonReader top(object);
  config.hugging_face_fields(top);
  if (config.model_type == ModelType::kBert) {
    config.embedding_size = config.hidden_size;
    config.num_hidden_groups = config.num_hidden_layers;
  }
  std::vector<std::string> mistakes = top.mistakes();
  find_unsupported(object, mistakes);
  if (const auto own = object.find("albert_cpp"); own != object.end()) {
    if (own->is_object()) {
      config::JsonReader reader(*own);
      config.own_fields(reader);
      for (const std::string& mistake : reader.mistakes()) mistakes.push_back("albert_cpp." + mistake);
    } else {
      mistakes.push_back("albert_cpp: expected an object, found " + short_json(*own));
    }
  }
  if (mistakes.empty()) {
    config::Checks checks([&](std::string_view) { return std::string(source); });
    config.check(checks, "");
    if (!checks.messages().empty()) throw ModelError("{}", fmt::join(checks.messages(), "\n  "));
    return config;
  }
  throw ModelError("{}: {} in the model's configuration:\n  {}", source,
                   mistakes.size() == 1 ? "a mistake" : "mistakes", fmt::join(mistakes, "\n  "));
}

}  // namespace albert::model
