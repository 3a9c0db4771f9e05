#include "inference/google_config.h"

#include <set>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "base/shown.h"
#include "checkpoint/weight_names.h"

namespace albert::inference {

namespace {

constexpr const char* kBertConfig = "bert_config.json";

/// Sets a size as the weights have it, and says so where the file has another one.
void take(nlohmann::json& config, const char* key, std::int64_t found, const fs::path& file) {
  const auto written = config.find(key);
  if (written != config.end() && *written != found) {
    log_warning("{}: {} is {}, but the weights have {}, which is taken", file.string(), key, short_json(*written),
                found);
  }
  config[key] = found;
}

/// What the weights say of the shape.
void take_shape(const checkpoint::StoredWeights& stored, nlohmann::json& config, const fs::path& file) {
  const checkpoint::CanonicalWeights weights = checkpoint::canonical_weights(stored.tensors());
  constexpr std::string_view kGroups = "albert.encoder.albert_layer_groups.";
  std::set<std::string> groups;
  for (const auto& [name, tensor] : weights.tensors) {
    if (name == checkpoint::kWordEmbeddings && tensor->shape.size() == 2) {
      take(config, "embedding_size", tensor->shape[1], file);
    }
    if (!name.starts_with(kGroups)) continue;
    groups.insert(name.substr(kGroups.size(), name.find('.', kGroups.size()) - kGroups.size()));
  }
  if (!groups.empty()) take(config, "num_hidden_groups", static_cast<std::int64_t>(groups.size()), file);
}

}  // namespace

std::optional<fs::path> find_google_config(const fs::path& folder) {
  if (!fs::is_directory(folder)) return std::nullopt;
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool is_of_albert = name.starts_with("albert_config") && name.ends_with(".json");
    if (is_of_albert || name == kBertConfig) found.push_back(entry.path());
  }
  if (found.empty()) return std::nullopt;
  if (found.size() == 1) return found.front();
  throw ModelError("{}: expected one configuration, found several, as {} and {}; leave that of the model in the folder",
                   folder.string(), found[0].filename().string(), found[1].filename().string());
}

std::string from_google_config(std::string_view text, const fs::path& file,
                               const std::function<std::shared_ptr<const checkpoint::StoredWeights>()>& weights) {
  nlohmann::json config;
  try {
    config = read_json(text);
  } catch (const nlohmann::json::exception& error) {
    throw ModelError("{}: not JSON: {}", file.string(), json_problem(error));
  }
  if (!config.is_object()) throw ModelError("{}: expected a JSON object", file.string());
  if (const auto type = config.find("ln_type"); type != config.end() && *type != "postln") {
    throw ModelError("{}: ln_type: only \"postln\" is supported, found {}", file.string(), short_json(*type));
  }
  const bool is_bert = file.filename() == kBertConfig;
  config["model_type"] = is_bert ? "bert" : "albert";
  if (!is_bert && config.value("hidden_act", nlohmann::json("gelu")) == "gelu") config["hidden_act"] = "gelu_new";
  if (!is_bert) take_shape(*weights(), config, file);
  return config.dump(2) + "\n";
}

}  // namespace albert::inference
