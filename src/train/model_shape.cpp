#include "train/model_shape.h"

#include "base/error.h"
#include "base/file.h"
#include "config/configuration.h"
#include "inference/model_path.h"
#include "model/config_json.h"
#include "train/pretrain_config.h"

namespace albert::train {

namespace {

model::AlbertConfig read_yaml(const fs::path& file) {
  config::Configuration document({"model"});
  document.add_file(file);
  if (document.root().find("model") == nullptr) return document.read<model::AlbertConfig>();
  return read_pretrain_config(file, {}).values.model;
}

}  // namespace

model::AlbertConfig read_model_shape(const fs::path& path) {
  if (!fs::exists(path)) {
    throw UsageError("there is no {}; name a model folder, a config.json, or a YAML file of configs/", path.string());
  }
  const fs::path file = fs::is_directory(path) ? inference::find_model_folder(path) / "config.json" : path;
  if (file.extension() != ".json") return read_yaml(file);
  return model::parse_config_json(read_file(file), file.string());
}

}  // namespace albert::train
