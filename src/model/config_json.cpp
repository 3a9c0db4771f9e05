#include "model/config_json.h"

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
  const std::pair<const char*, json> only_values[] = {{"model_type", "albert"},
                                                      {"position_embedding_type", "absolute"},
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

}  // namespace

std::string to_config_json(const AlbertConfig& config, std::string_view extra) {
  json object = {{"model_type", "albert"}, {"tie_word_embeddings", true}, {"albert_cpp", json::object()}};
  AlbertConfig copy = config;
  config::JsonWriter top(object);
  copy.hugging_face_fields(top);
  config::JsonWriter own(object["albert_cpp"]);
  copy.own_fields(own);
  object.merge_patch(parse_object(extra, "additions to config.json"));
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
  config::JsonReader top(object);
  config.hugging_face_fields(top);
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
    if (!checks.messages().empty()) throw ModelError("{}", fmt::join(checks.messages(), "\n"));
    return config;
  }
  throw ModelError("{}: {} in the model's configuration:\n  {}", source,
                   mistakes.size() == 1 ? "a mistake" : "mistakes", fmt::join(mistakes, "\n  "));
}

}  // namespace albert::model
