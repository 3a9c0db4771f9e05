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

/// `pooling_mode: "mean"` of version 6, or one of the older keys, of which one is true.
EmbeddingPooling read_pooling(const fs::path& file) {
  const json settings = read(file);
  if (!settings.is_object()) throw ModelError("{}: expected a JSON object", file.string());
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

/// Length and case of texts.
void read_text_settings(const fs::path& folder, SentenceSettings& settings) {
  const fs::path file = folder / "sentence_bert_config.json";
  if (!fs::exists(file)) return;
  const json found = read(file);
  if (!found.is_object()) throw ModelError("{}: expected a JSON object", file.string());
  if (const auto length = found.find("max_seq_length"); length != found.end() && !length->is_null()) {
    constexpr int kFewest = 3;
    if (!length->is_number_integer() || *length < kFewest) {
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

void refuse_prompts(const fs::path& folder) {
  const fs::path file = folder / "config_sentence_transformers.json";
  if (!fs::exists(file)) return;
  const json found = read(file);
  const std::string name = found.is_object() ? text_member(found, "default_prompt_name") : "";
  if (name.empty()) return;
  throw ModelError(
      "{}: default_prompt_name: a prompt is put before no text here, found {}; write it into the texts, and take the "
      "setting out",
      file.string(), in_quotes(name));
}

/// Where a module keeps its settings: in the folder.
fs::path place_of(const json& module, const fs::path& folder, const fs::path& file) {
  const fs::path path = text_member(module, "path");
  if (path.is_relative() && std::ranges::find(path, "..") == path.end()) return folder / path;
  throw ModelError("{}: expected modules in the folder, found one in {}", file.string(), path.string());
}

}  // namespace

std::optional<SentenceSettings> read_sentence_settings(const fs::path& folder) {
  const fs::path file = folder / "modules.json";
  if (!fs::exists(file)) return std::nullopt;
  const json modules = read(file);
  if (!modules.is_array()) throw ModelError("{}: expected a list of modules", file.string());
  SentenceSettings settings;
  for (const json& module : modules) {
    const std::string name = class_of(module);
    if (name == "Pooling") {
      settings.pooling = read_pooling(place_of(module, folder, file) / "config.json");
    } else if (name == "Transformer" && !text_member(module, "path").empty()) {
      throw ModelError("{}: expected the transformer's files beside it, found them in {}", file.string(),
                       text_member(module, "path"));
    } else if (name == "Normalize") {
      settings.normalizes = true;
    } else if (name != "Transformer") {
      throw ModelError("{}: expected the modules Transformer, Pooling and Normalize, found {}, which is not computed",
                       file.string(), name.empty() ? short_json(module) : name);
    }
  }
  read_text_settings(folder, settings);
  refuse_prompts(folder);
  return settings;
}

}  // namespace albert::inference
