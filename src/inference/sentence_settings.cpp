#include "inference/sentence_settings.h"

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

std::optional<std::int64_t> read_max_length(const fs::path& folder) {
  const fs::path file = folder / "sentence_bert_config.json";
  if (!fs::exists(file)) return std::nullopt;
  const json settings = read(file);
  const auto length = settings.is_object() ? settings.find("max_seq_length") : settings.end();
  if (length == settings.end() || !length->is_number_integer() || *length < 3) return std::nullopt;
  return length->get<std::int64_t>();
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
      settings.pooling = read_pooling(folder / text_member(module, "path") / "config.json");
    } else if (name != "Transformer" && name != "Normalize") {
      throw ModelError("{}: expected the modules Transformer, Pooling and Normalize, found {}, which is not computed",
                       file.string(), name.empty() ? short_json(module) : name);
    }
  }
  settings.max_length = read_max_length(folder);
  return settings;
}

}  // namespace albert::inference
