#include "train/pretrain_config.h"

#include <spdlog/fmt/fmt.h>

#include "base/error.h"
#include "base/file.h"
#include "inference/open_model.h"
#include "model/config_json.h"

namespace albert::train {

namespace {

model::AlbertConfig read_yaml(const fs::path& file) {
  config::Configuration document({"model"});
  document.add_file(file);
  if (document.root().find("model") == nullptr) return document.read<model::AlbertConfig>();
  return read_pretrain_config(file, {}).values.model;
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

WrittenPretrainConfig read_pretrain_config(const std::filesystem::path& file,
                                           const std::vector<std::string>& assignments) {
  return config::read_written<PretrainConfig>(file, assignments, {"model"});
}

model::AlbertConfig read_model_shape(const fs::path& path) {
  if (!fs::exists(path)) {
    throw UsageError("there is no {}; name a model folder, a config.json, or a YAML file of configs/", path.string());
  }
  const fs::path file = fs::is_directory(path) ? inference::find_model_folder(path) / "config.json" : path;
  if (file.extension() != ".json") return read_yaml(file);
  return model::parse_config_json(read_file(file), file.string());
}

}  // namespace albert::train
