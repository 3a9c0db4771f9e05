#include "train/pretrain_config.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <system_error>
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
#include "text/whitespace.h"

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
  f("corpus", corpus, "folder made by `albert corpus build`; for several see corpora");
  f.list("corpora", corpora,
         "several corpora of one tokenizer, instead of corpus: [{corpus: a, weight: 0.7}, {corpus: b, weight: 0.3}]");
  f("sampling_temperature", sampling_temperature,
    "T of corpora without weights: the share of each is proportional to (its tokens)^(1/T), so that 1 is by size, and "
    "a larger T makes the shares more even (5 is usual for many languages); null: 1",
    config::at_least(1));
  examples.fields(f);
  f("length_schedule", length_schedule,
    "most tokens of an example that grow over the run, as {0: 128, 0.9: 512} by shares of it, up to "
    "max_sequence_length; a longer one begins a new epoch; null: max_sequence_length from the first update",
    config::at_least(8));
  f("threads", threads, "background threads that make batches; 0: the training thread makes them itself",
    config::at_least(0));
}

void PretrainDataConfig::check(config::Checks& c) const {
  examples.check(c, "data.");
  check_growth(c, "data.length_schedule", length_schedule, "data.max_sequence_length", examples.max_sequence_length);
  if (std::ranges::any_of(length_schedule.points(),
                          [&](const auto& point) { return point.value > length_schedule.last(); })) {
    c.fail("data.length_schedule", "has a length above the last one");
  }
  if (!corpus.empty() && !corpora.empty()) {
    c.fail("data.corpora", "data.corpus names a corpus, too; keep one of the two (--set data.corpus= leaves that out)");
  }
  const auto num_weights = std::ranges::count_if(corpora, [](const auto& one) { return one.weight.has_value(); });
  for (std::size_t i = 0; i < corpora.size(); ++i) {
    const auto key = [&](const char* name) { return fmt::format("data.corpora[{}].{}", i, name); };
    if (corpora[i].corpus.empty()) c.fail(key("corpus"), "names no folder");
    if (!corpora[i].weight && num_weights > 0) {
      c.fail(key("weight"), "is missing; give each corpus a weight, or none of them");
    }
    for (std::size_t j = 0; j < i; ++j) {
      std::error_code ignored;  // of a folder that is not there, which whoever opens it says
      if (!corpora[i].corpus.empty() && (corpora[i].corpus == corpora[j].corpus ||
                                         std::filesystem::equivalent(corpora[i].corpus, corpora[j].corpus, ignored))) {
        c.fail(key("corpus"), fmt::format("names the folder of data.corpora[{}] again; give it once", j));
      }
    }
  }
  if (!sampling_temperature) return;
  if (corpora.empty()) {
    c.fail("data.sampling_temperature", "has no effect without data.corpora; remove it");
  } else if (num_weights > 0) {
    c.fail("data.sampling_temperature", "has no effect beside the weights of data.corpora; keep one of the two");
  } else if (corpora.size() == 1) {
    c.fail("data.sampling_temperature", "has no effect on one corpus; remove it");
  }
}

corpus::CorpusMix PretrainDataConfig::open_corpora() const {
  if (corpora.empty()) return corpus::CorpusMix::open({{.corpus = corpus, .weight = {}}}, 1);
  return corpus::CorpusMix::open(corpora, sampling_temperature.value_or(1));
}

void PretrainConfig::fields(config::Fields& f) {
  f.group("model", model, "the shape of the model: these values, or a file that holds them");
  f.group("data", data, "what is learnt from");
  training.fields(f);
}

void PretrainConfig::check(config::Checks& c) const {
  model.check(c);
  data.check(c);
  training.check(c);
  check_stages(c);
  if (data.examples.max_sequence_length > model.max_position_embeddings) {
    c.fail("data.max_sequence_length", fmt::format("is {}, but model.max_position_embeddings is {}",
                                                   data.examples.max_sequence_length, model.max_position_embeddings));
  }
}

void PretrainConfig::check_stages(config::Checks& c) const {
  const config::Timeline& depth = *training.train.depth_schedule;
  check_growth(c, "train.depth_schedule", depth, "model.num_hidden_layers", model.num_hidden_layers);
  const bool has_layers = model.num_hidden_layers > 0 && model.num_hidden_groups > 0;
  for (const auto& [share, num_layers] : depth.points()) {
    if (!has_layers || model.num_hidden_groups == 1 ||
        std::llround(num_layers) * model.num_hidden_groups % model.num_hidden_layers == 0)
      continue;
    c.fail("train.depth_schedule",
           fmt::format("has a depth of {}, which is no whole number of the {} groups of {} layers", num_layers,
                       model.num_hidden_groups, model.num_hidden_layers / model.num_hidden_groups));
  }
  const bool grows =
      !depth.is_empty() || !training.train.batch_schedule->is_empty() || !data.length_schedule.is_empty();
  if (grows && training.train.epochs > 0) {
    c.fail("train.epochs", "does not say how long a run is whose updates grow; give train.steps");
  }
  if (depth.is_constant() && data.length_schedule.is_constant()) {
    training.schedule.check_no_rewarming(c, "there is no train.depth_schedule and no data.length_schedule");
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
  const std::string text = read_file(file, kMaxConfigBytes);
  const bool is_json = file.extension() == ".json" || (file == "/dev/stdin" && text::trim(text).starts_with('{'));
  if (!is_json) return read_tree(config::parse_file(file), file);
  const model::AlbertConfig config = model::parse_config_json(text, file.string());
  const nlohmann::json json = read_json(text);
  if (json.contains("hidden_size") || json.contains("model_type")) return config;
  throw ModelError("{}: expected the config.json of a model, found neither its hidden_size nor its model_type",
                   file.string());
}

}  // namespace albert::train
