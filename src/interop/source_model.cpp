#include "interop/source_model.h"

#include "base/error.h"
#include "checkpoint/model_folder.h"
#include "model/config_json.h"
#include "optim/named_tensor.h"

namespace albert::interop {

namespace {

constexpr const char* kEncoderClass = R"({"architectures": ["AlbertModel"]})";

void open_task(const fs::path& path, SourceModel& source) {
  inference::TaskModelFolder opened = inference::open_task_model(path, {});
  source.task = opened.task->definition();
  source.padded.head = GraphHead::kTask;
  source.padded.task = opened.task->head();
  source.max_length = source.task->config.max_sequence_length;
  source.module = std::move(opened.model);
}

void open_masked_words(const fs::path& path, SourceModel& source) {
  source.padded.head = GraphHead::kMaskedWords;
  source.padded.has_sentence_order = checkpoint::has_part(source.folder.weights, "albert.pooler") &&
                                     checkpoint::has_part(source.folder.weights, "sop_classifier");
  source.module = inference::open_pretraining_model(path, {}).model;
}

void open_encoder(const fs::path& path, std::optional<model::EmbeddingPooling> pooling, bool is_pooled,
                  SourceModel& source) {
  inference::EmbeddingModel opened = inference::open_embedding_model(path, {}, {.pooling = pooling});
  source.padded.head = is_pooled ? GraphHead::kTask : GraphHead::kHiddenStates;
  source.padded.task = opened.model->head();
  source.max_length = opened.origin.max_length;
  source.module = std::move(opened.model);
  source.contents.config_json = model::to_config_json(source.folder.config, kEncoderClass);
}

/// The parameters of the heads that the model of this program has in every case, but the folder has not.
optim::NamedTensors stored_parameters(const SourceModel& source) {
  optim::NamedTensors parameters = optim::named_tensors(source.module->named_parameters());
  if (source.padded.head != GraphHead::kMaskedWords) return parameters;
  std::erase_if(parameters, [&](const optim::NamedTensor& parameter) {
    const std::string part = checkpoint::part_of(parameter.name);
    return (part == "albert.pooler" || part == "sop_classifier") && !checkpoint::has_part(source.folder.weights, part);
  });
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

SourceModel open_source_model(const fs::path& path, ExportHead head, std::optional<model::EmbeddingPooling> pooling) {
  SourceModel source;
  source.folder = inference::open_model_folder(path);
  source.max_length = source.folder.max_length;
  source.padded.config = source.folder.config;
  source.contents.config_json = source.folder.config_json;
  if (head != ExportHead::kStored) {
    open_encoder(path, pooling, head == ExportHead::kEmbedding, source);
  } else if (source.folder.definition()) {
    open_task(path, source);
  } else if (checkpoint::has_part(source.folder.weights, "predictions")) {
    open_masked_words(path, source);
  } else {
    open_encoder(path, {}, false, source);
  }
  source.contents.parameters = stored_parameters(source);
  source.contents.type = source.folder.config.model_type;
  source.contents.tokenizer = source.folder.tokenizer.get();
  source.contents.max_length = source.folder.max_length;
  return source;
}

}  // namespace albert::interop
