#include "interop/source_model.h"

#include <map>

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/json.h"
#include "checkpoint/model_folder.h"
#include "model/config_json.h"
#include "model/pretraining.h"
#include "optim/named_tensor.h"

namespace albert::interop {

namespace {

constexpr const char* kEncoderClass = R"({"architectures": ["AlbertModel"]})";

/// Divides the classifier by the temperature, so that other programs get the same probabilities.
void take_temperature_in(SourceModel& source) {
  const double temperature = source.task->config.temperature_in_use();
  if (temperature == 1) return;
  const at::NoGradGuard no_grad;
  for (const auto& item : source.module->named_parameters()) {
    if (item.key().starts_with("classifier.")) item.value().div_(temperature);
  }
  auto config = read_ordered_json(source.contents.config_json);
  config["albert_cpp"]["task"]["temperature"] = 1;
  source.contents.config_json = dump_json(config, 2) + "\n";
}

void open_task(SourceModel& source) {
  inference::TaskModelFolder opened = inference::open_task_model(source.folder, {});
  source.task = opened.task->definition();
  source.padded.head = GraphHead::kTask;
  source.padded.task = opened.task->head();
  source.max_length = source.task->config.max_sequence_length;
  source.module = std::move(opened.model);
  take_temperature_in(source);
}

void open_masked_words(SourceModel& source) {
  source.padded.head = GraphHead::kMaskedWords;
  source.padded.has_sentence_order =
      checkpoint::has_part(*source.stored, "albert.pooler") && checkpoint::has_part(*source.stored, "sop_classifier");
  source.module = inference::open_pretraining_model(source.folder, {}).model;
}

/// The encoder, and the pooler if there is one, which Transformers' class without a head has too.
void open_encoder(std::optional<model::EmbeddingPooling> pooling, bool is_pooled, SourceModel& source) {
  if (!is_pooled) pooling = model::EmbeddingPooling::kNone;
  const inference::EmbeddingModel opened = inference::open_embedding_model(source.folder, {}, {.pooling = pooling});
  source.padded.head = is_pooled ? GraphHead::kTask : GraphHead::kHiddenStates;
  source.padded.task = opened.model->head();
  source.max_length = opened.origin.max_length;
  source.contents.config_json = model::to_config_json(source.folder.config, kEncoderClass);
  const auto whole = std::make_shared<model::AlbertForPretraining>(source.folder.config, model::Compute{});
  checkpoint::load_parameters(*source.stored, optim::named_tensors(whole->named_parameters()),
                              checkpoint::Match::kEncoder);
  source.module = whole;
}

/// Whether the model has a part that its module has in every case.
bool has_part(const SourceModel& source, const std::string& part) {
  const bool is_head = part == "predictions" || part == "sop_classifier";
  if (is_head && source.padded.head != GraphHead::kMaskedWords) return false;
  return (!is_head && part != "albert.pooler") || checkpoint::has_part(*source.stored, part);
}

optim::NamedTensors stored_parameters(const SourceModel& source) {
  optim::NamedTensors parameters = optim::named_tensors(source.module->named_parameters());
  if (source.padded.head == GraphHead::kTask && source.padded.task.kind != model::HeadKind::kEmbedding)
    return parameters;
  std::map<std::string, bool> parts;
  for (const optim::NamedTensor& parameter : parameters) {
    const std::string part = checkpoint::part_of(parameter.name);
    if (!parts.contains(part)) parts.emplace(part, has_part(source, part));
  }
  std::erase_if(parameters, [&](const auto& parameter) { return !parts.at(checkpoint::part_of(parameter.name)); });
  return parameters;
}

}  // namespace

Weights SourceModel::weights() const {
  Weights weights;
  for (const auto& [name, tensor] : contents.parameters) {
    weights.emplace(
        name, Weight{tensor.sizes().vec(), {tensor.const_data_ptr<float>(), static_cast<std::size_t>(tensor.numel())}});
  }
  return weights;
}

std::string SourceModel::auto_class() const {
  if (padded.head == GraphHead::kHiddenStates) return "AutoModel";
  if (padded.head == GraphHead::kMaskedWords) {
    return padded.has_sentence_order ? "AutoModelForPreTraining" : "AutoModelForMaskedLM";
  }
  return task ? task->config.settings().transformers_head().auto_class() : "";
}

inference::SentenceSettings SourceModel::sentence_settings() const {
  return {.pooling = padded.task.pooling,
          .max_length = max_length,
          .normalizes = true,
          .vector_size = folder.config.hidden_size,
          .prompts = inference::read_sentence_prompts(folder.path)};
}

SourceModel open_source_model(const fs::path& path, ExportHead head, std::optional<model::EmbeddingPooling> pooling) {
  SourceModel source;
  source.folder = inference::open_model_folder(path);
  source.stored = source.folder.stored();
  source.max_length = source.folder.max_length;
  source.padded.config = source.folder.config;
  source.contents.config_json = source.folder.config_json;
  const bool is_whole = head == ExportHead::kStored || head == ExportHead::kEverything;
  const auto makes_vectors = [&] { return inference::read_sentence_settings(source.folder.path).has_value(); };
  const auto has_words = [&] { return checkpoint::has_part(*source.stored, "predictions"); };
  if (!is_whole) {
    open_encoder(pooling, head == ExportHead::kEmbedding, source);
  } else if (source.folder.definition()) {
    open_task(source);
  } else if (has_words() && (head == ExportHead::kEverything || !makes_vectors())) {
    open_masked_words(source);
  } else {
    open_encoder({}, makes_vectors(), source);
  }
  source.contents.parameters = stored_parameters(source);
  source.contents.type = source.folder.config.model_type;
  source.contents.tokenizer = source.folder.tokenizer.get();
  source.contents.max_length = source.folder.max_length;
  return source;
}

}  // namespace albert::interop
