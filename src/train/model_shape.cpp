#include "train/model_shape.h"

#include <string>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "config/document.h"
#include "config/recipes.h"
#include "inference/model_path.h"
#include "model/config_json.h"
#include "train/pretrain_config.h"

namespace albert::train {

namespace {

model::AlbertConfig read_tree(config::Node tree, const fs::path& name) {
  if (tree.find("model") != nullptr) return read_pretrain_config(name, {}).values.model;
  config::Document document;
  document.add_tree(std::move(tree));
  return document.read<model::AlbertConfig>();
}

/// What several folders have is taken for the name of a model.
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

model::AlbertConfig read_model_shape(const fs::path& path) {
  if (!fs::exists(path)) return read_recipe(path.string());
  const fs::path file = fs::is_directory(path) ? inference::find_model_folder(path) / "config.json" : path;
  if (file.extension() != ".json") return read_tree(config::parse_file(file), file);
  return model::parse_config_json(read_file(file), file.string());
}

}  // namespace albert::train
