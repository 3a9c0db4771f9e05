#include "train/pretrain_config.h"

#include <string>
#include <utility>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/link.h"
#include "config/recipes.h"
#include "inference/open_model.h"
#include "model/config_json.h"

namespace albert::train {

namespace {

model::AlbertConfig read_tree(config::Node tree, const fs::path& name) {
  if (tree.find("model") != nullptr) return read_pretrain_config(name, {}).values.model;
  config::Configuration configuration;
  configuration.add_tree(std::move(tree));
  return configuration.read<model::AlbertConfig>();
}

/// Reads the recipe of a model where a name stands for one of a model and for one of pretraining.
model::AlbertConfig read_recipe(const std::string& name) {
  const config::RecipeFolders folders{"model", "pretrain"};
  const auto found = config::find_recipes(name, folders);
  if (found.empty()) {
    throw UsageError(
        "there is no {}; name a model folder, a config.json, a YAML file, or a recipe of a model or of pretraining; "
        "{}`albert config list` shows the recipes",
        name, config::recipes_like(name, folders));
  }
  return read_tree(config::parse_recipe(*found.front()), name);
}

}  // namespace

void PretrainDataConfig::fields(config::Fields& f) {
  f("corpus", corpus, "folder made by `albert corpus build`");
  examples.fields(f);
  f("threads", threads, "background threads that make batches; 0: the training thread makes them itself",
    config::at_least(0));
}

void PretrainConfig::fields(config::Fields& f) {
  f.group("model", model, "the shape of the model: these values, or a file that holds them");
  f.group("data", data, "what is learnt from");
  training.fields(f);
}

void PretrainConfig::check(config::Checks& c) const {
  model.check(c);
  data.examples.check(c, "data.");
  training.check(c);
  if (data.examples.max_sequence_length > model.max_position_embeddings) {
    c.fail("data.max_sequence_length", fmt::format("is {}, but model.max_position_embeddings is {}",
                                                   data.examples.max_sequence_length, model.max_position_embeddings));
  }
}

WrittenPretrainConfig read_pretrain_config(const std::filesystem::path& name,
                                           const std::vector<std::string>& assignments) {
  return config::read_written<PretrainConfig>(
      name, "pretrain", assignments, {{"task", "data.path", "data.batch_tokens", "model.path"}, "finetune"}, {"model"});
}

model::AlbertConfig read_model_shape(const fs::path& path) {
  if (!fs::exists(path)) return read_recipe(path.string());
  const bool is_folder = fs::is_directory(follow_link(path));
  const fs::path file = is_folder ? inference::find_model_folder(path) / "config.json" : path;
  if (file.extension() != ".json") return read_tree(config::parse_file(file), file);
  const std::string text = read_file(file, kMaxConfigBytes);
  const model::AlbertConfig config = model::parse_config_json(text, file.string());
  const nlohmann::json json = read_json(text);
  if (json.contains("hidden_size") || json.contains("model_type")) return config;
  throw ModelError("{}: expected the config.json of a model, found neither its hidden_size nor its model_type",
                   file.string());
}

}  // namespace albert::train
