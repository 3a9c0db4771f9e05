#include "inference/sentence_settings.h"

#include <algorithm>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/shown.h"

namespace albert::inference {

namespace {

using model::EmbeddingPooling;
using nlohmann::json;

constexpr const char* kCommonFile = "config_sentence_transformers.json";

json read(const fs::path& file) {
  try {
    return read_json(read_file(file, kMaxConfigBytes));
  } catch (const json::exception& error) {
    throw ModelError("{}: not JSON: {}", file.string(), json_problem(error));
  }
}

[[noreturn]] void refuse_pooling(const fs::path& file, std::string_view found) {
  throw ModelError("{}: expected the pooling mean or cls, found {}; --pooling says which of the two is to be taken",
                   file.string(), found);
}

/// The object that a file holds.
json read_object(const fs::path& file) {
  json found = read(file);
  if (!found.is_object()) throw ModelError("{}: expected a JSON object", file.string());
  return found;
}

/// `pooling_mode: "mean"` of version 6, or one of the older keys, of which one is true.
EmbeddingPooling read_pooling(const json& settings, const fs::path& file) {
  if (const auto mode = settings.find("pooling_mode"); mode != settings.end()) {
    if (*mode == "mean") return EmbeddingPooling::kMean;
    if (*mode == "cls") return EmbeddingPooling::kFirstToken;
    refuse_pooling(file, short_json(*mode));
  }
  constexpr std::string_view kPrefix = "pooling_mode_";
  std::string found;
  for (const auto& [key, value] : settings.items()) {
    if (!key.starts_with(kPrefix) || value != true) continue;
    found += (found.empty() ? "" : " and ") + key.substr(kPrefix.size());
  }
  if (found == "mean_tokens") return EmbeddingPooling::kMean;
  if (found == "cls_token") return EmbeddingPooling::kFirstToken;
  refuse_pooling(file, found.empty() ? "none" : found);
}

/// The last part of "sentence_transformers.models.Pooling".
std::string class_of(const json& module) {
  const auto type = module.find("type");
  if (!module.is_object() || type == module.end() || !type->is_string()) return "";
  const auto name = type->get<std::string>();
  return name.substr(name.rfind('.') + 1);
}

std::string text_member(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

/// Its size, by the key of version 6 or the older one.
std::optional<std::int64_t> read_vector_size(const json& pooling, const fs::path& file) {
  for (const char* key : {"embedding_dimension", "word_embedding_dimension"}) {
    const auto found = pooling.find(key);
    if (found == pooling.end() || found->is_null()) continue;
    if (found->is_number_integer()) return found->get<std::int64_t>();
    throw ModelError("{}: {}: expected a whole number, found {}", file.string(), key, short_json(*found));
  }
  return std::nullopt;
}

/// \param given in the place of the pooling that the file names
void read_pooling_module(const fs::path& file, std::optional<EmbeddingPooling> given, SentenceSettings& settings) {
  const json pooling = read_object(file);
  if (!given) settings.pooling = read_pooling(pooling, file);
  settings.vector_size = read_vector_size(pooling, file);
}

/// Length and case of texts.
void read_text_settings(const fs::path& folder, SentenceSettings& settings) {
  const fs::path file = folder / "sentence_bert_config.json";
  if (!is_there(file)) return;
  const json found = read_object(file);
  if (const auto length = found.find("max_seq_length"); length != found.end() && !length->is_null()) {
    constexpr int kFewest = 3;
    // A number beyond int64 would become a negative one.
    if (!length->is_number_integer() || length->get<std::int64_t>() < kFewest) {
      throw ModelError("{}: max_seq_length: expected a whole number from {} on, found {}", file.string(), kFewest,
                       short_json(*length));
    }
    settings.max_length = length->get<std::int64_t>();
  }
  if (const auto lower = found.find("do_lower_case"); lower != found.end() && !lower->is_null()) {
    if (!lower->is_boolean()) {
      throw ModelError("{}: do_lower_case: expected true or false, found {}", file.string(), short_json(*lower));
    }
    settings.lower_cases = lower->get<bool>();
  }
}

/// The settings that belong to no module; an empty object if there are none.
json read_common_settings(const fs::path& folder) {
  const fs::path file = folder / kCommonFile;
  return is_there(file) ? read_object(file) : json::object();
}

void refuse_default_prompt(const fs::path& folder) {
  const std::string name = text_member(read_common_settings(folder), "default_prompt_name");
  if (name.empty()) return;
  throw ModelError(
      "{}: default_prompt_name: a prompt is put before no text here, found {}; write it into the texts, and take the "
      "setting out",
      (folder / kCommonFile).string(), in_quotes(name));
}

/// Where a module keeps its settings: in the folder.
fs::path place_of(const json& module, const fs::path& folder, const fs::path& file) {
  const fs::path path = text_member(module, "path");
  if (path.is_relative() && std::ranges::find(path, "..") == path.end()) return folder / path;
  throw ModelError("{}: expected modules in the folder, found one in {}", file.string(), path.string());
}

}  // namespace

std::optional<SentenceSettings> read_sentence_settings(const fs::path& folder,
                                                       std::optional<EmbeddingPooling> pooling) {
  const fs::path file = folder / "modules.json";
  if (!is_there(file)) return std::nullopt;
  const json modules = read(file);
  if (!modules.is_array()) throw ModelError("{}: expected a list of modules", file.string());
  SentenceSettings settings;
  bool has_pooling = false;
  for (const json& module : modules) {
    const std::string name = class_of(module);
    if (name == "Pooling") {
      has_pooling = true;
      read_pooling_module(place_of(module, folder, file) / "config.json", pooling, settings);
    } else if (name == "Transformer" && !text_member(module, "path").empty()) {
      throw ModelError("{}: expected the transformer's files beside it, found them in {}", file.string(),
                       text_member(module, "path"));
    } else if (name == "Normalize") {
      settings.normalizes = true;
    } else if (name != "Transformer" && pooling != EmbeddingPooling::kNone) {
      throw ModelError("{}: expected the modules Transformer, Pooling and Normalize, found {}, which is not computed",
                       file.string(), name.empty() ? short_json(module) : name);
    }
  }
  if (!has_pooling && !pooling) {
    throw ModelError("{}: expected a module Pooling, found none; --pooling says how a text becomes one vector",
                     file.string());
  }
  settings.pooling = pooling.value_or(settings.pooling);
  read_text_settings(folder, settings);
  refuse_default_prompt(folder);
  settings.prompts = read_sentence_prompts(folder);
  const std::string similarity = text_member(read_common_settings(folder), "similarity_fn_name");
  if (!similarity.empty()) settings.similarity = similarity;
  return settings;
}

bool is_sparse_encoder(const fs::path& folder) {
  const fs::path file = folder / "modules.json";
  if (!is_there(file)) return false;
  const json modules = read(file);
  return modules.is_array() &&
         std::ranges::any_of(modules, [](const json& module) { return class_of(module) == "SpladePooling"; });
}

std::map<std::string, std::string> read_sentence_prompts(const fs::path& folder) {
  const json settings = read_common_settings(folder);
  std::map<std::string, std::string> prompts;
  const auto found = settings.find("prompts");
  if (found == settings.end() || !found->is_object()) return prompts;
  for (const auto& [name, prompt] : found->items()) {
    if (prompt.is_string()) prompts.emplace(name, prompt.get<std::string>());
  }
  return prompts;
}

}  // namespace albert::inference
