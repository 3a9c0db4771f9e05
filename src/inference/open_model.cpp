#include "inference/open_model.h"

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "checkpoint/model_folder.h"
#include "downstream/definition_json.h"
#include "model/config_json.h"

namespace albert::inference {

namespace {

/// The folder itself, or what the folder of a run holds.
fs::path find_model(const fs::path& path) {
  if (fs::is_regular_file(path / checkpoint::kConfigFile)) return path;
  for (const char* link : {"checkpoints/best", "checkpoints/latest"}) {
    if (fs::is_regular_file(path / link / checkpoint::kConfigFile)) return path / link;
  }
  throw ModelError("{} is not a model folder: there is no {} in it", path.string(), checkpoint::kConfigFile);
}

template <typename Model>
void load(const fs::path& folder, const Model& model, checkpoint::Match match) {
  const auto report = checkpoint::load_parameters(folder, optim::named_tensors(model.named_parameters()), match);
  spdlog::debug("{}", report.to_string());
}

}  // namespace

ModelFolder open_model_folder(const fs::path& path) {
  ModelFolder folder;
  folder.path = find_model(path);
  const fs::path config_file = folder.path / checkpoint::kConfigFile;
  folder.config_json = read_file(config_file);
  folder.config = model::parse_config_json(folder.config_json, config_file.string());
  folder.tokenizer = text::Tokenizer::open(folder.path);
  if (folder.tokenizer->vocabulary_size() > folder.config.vocab_size) {
    throw ModelError("{}: the tokenizer has {} pieces, but vocab_size in {} is {}; they do not belong together",
                     folder.path.string(), folder.tokenizer->vocabulary_size(), checkpoint::kConfigFile,
                     folder.config.vocab_size);
  }
  return folder;
}

PretrainingModel open_pretraining_model(const fs::path& path) {
  const ModelFolder folder = open_model_folder(path);
  PretrainingModel opened{std::make_shared<model::AlbertForPretraining>(folder.config), folder.tokenizer};
  load(folder.path, *opened.model, checkpoint::Match::kComplete);
  return opened;
}

TaskModelFolder open_task_model(const fs::path& path) {
  const ModelFolder folder = open_model_folder(path);
  const fs::path config_file = folder.path / checkpoint::kConfigFile;
  auto definition = downstream::definition_from_json(folder.config_json, config_file.string());
  if (!definition) {
    throw ModelError(
        "{} says of no task under albert_cpp.task: expected a model made by `albert finetune`; to make one of this "
        "model, run "
        "albert finetune --config configs/finetune/TASK.yaml --model {} --data PATH --run-dir DIR",
        config_file.string(), folder.path.string());
  }
  TaskModelFolder opened;
  opened.path = folder.path;
  opened.tokenizer = folder.tokenizer;
  opened.downstream = downstream::make_downstream(std::move(*definition), folder.tokenizer);
  opened.model = model::make_task_model(folder.config, opened.downstream->head());
  load(folder.path, *opened.model, checkpoint::Match::kTask);
  return opened;
}

EmbeddingModel open_embedding_model(const fs::path& path, std::optional<model::EmbeddingPooling> pooling) {
  const ModelFolder folder = open_model_folder(path);
  const auto definition =
      downstream::definition_from_json(folder.config_json, (folder.path / checkpoint::kConfigFile).string());
  model::HeadConfig head{.kind = model::HeadKind::kEmbedding};
  std::int64_t max_length = folder.config.max_position_embeddings;
  if (definition && definition->config.kind == downstream::TaskKind::kEmbedding) {
    head.pooling = definition->config.embedding.pooling;
    max_length = definition->config.max_sequence_length;
  }
  head.pooling = pooling.value_or(head.pooling);
  EmbeddingModel opened{model::make_task_model(folder.config, head), folder.tokenizer, max_length};
  load(folder.path, *opened.model, checkpoint::Match::kEncoder);
  return opened;
}

}  // namespace albert::inference
