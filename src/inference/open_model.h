#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint/stored_weights.h"
#include "inference/vector_origin.h"
#include "model/compute.h"
#include "model/config.h"
#include "model/pretraining.h"
#include "model/task_model.h"
#include "tasks/definition_json.h"
#include "tasks/task.h"
#include "text/tokenizer.h"

namespace albert::inference {

/// The model folder that a path names: itself; in the folder of a run its best checkpoint, else its latest; or where the
/// file of weights lies that it names, or the TensorFlow checkpoint, by its prefix.
/// Throws ModelError if there is none.
std::filesystem::path find_model_folder(const std::filesystem::path& path);

/// What every model folder has, whatever its head.
struct ModelFolder {
  std::filesystem::path path;
  std::filesystem::path weights;  ///< as checkpoint::StoredWeights takes them: the folder, or what was named in it
  model::AlbertConfig config;
  std::string config_json;
  std::shared_ptr<const text::Tokenizer> tokenizer;
  /// Tokens of a sequence at most: as many as the model has positions for and its tokenizer's settings allow.
  std::int64_t max_length = 0;

  std::filesystem::path config_file() const;
  /// The task that the model was fine-tuned for, if there is one; see tasks::definition_from_json().
  std::optional<tasks::StoredDefinition> definition() const;
  /// The weights, opened once for all who hold them at the same time: their checksums take time.
  /// Throws ModelError as checkpoint::StoredWeights does.
  std::shared_ptr<const checkpoint::StoredWeights> stored() const;

 private:
  mutable std::weak_ptr<const checkpoint::StoredWeights> opened_;
};

/// Reads configuration and tokenizer of a model folder; of the folder of a run, those of its best checkpoint, else its
/// latest. Warns of a tokenizer with fewer pieces than the model.
/// Throws ModelError naming the file and what is wrong with it, or a tokenizer with more pieces than the model.
ModelFolder open_model_folder(const std::filesystem::path& path);

/// A model with its tokenizer.
struct PretrainingModel {
  std::shared_ptr<model::AlbertForPretraining> model;
  std::shared_ptr<const text::Tokenizer> tokenizer;
};

/// Opens a model folder, of which config.json, model.safetensors and the vocabulary are enough. The order head and the
/// pooler, which published models lack at times, may be absent.
/// Throws ModelError naming the file and what is wrong with it, for example that it has another head.
PretrainingModel open_pretraining_model(const ModelFolder& folder, const model::Compute& compute);
PretrainingModel open_pretraining_model(const std::filesystem::path& path, const model::Compute& compute);

/// A fine-tuned model with all that it needs to be used.
struct TaskModelFolder {
  std::filesystem::path path;
  std::shared_ptr<model::TaskModel> model;
  std::shared_ptr<const tasks::Task> task;
  std::shared_ptr<const text::Tokenizer> tokenizer;
};

/// Opens a fine-tuned model, whether `albert finetune` made it or Transformers; what the folder of the latter does not
/// say is assumed and logged.
/// \param settings what --set says over the task, see tasks::with_settings()
/// Throws ModelError for a folder that knows no task, or lacks a part of its weights; UsageError for settings that ask
/// for another head.
TaskModelFolder open_task_model(const ModelFolder& folder, const model::Compute& compute,
                                const std::vector<std::string>& settings = {});
TaskModelFolder open_task_model(const std::filesystem::path& path, const model::Compute& compute,
                                const std::vector<std::string>& settings = {});

/// Which vectors a model makes of texts.
struct VectorChoice {
  /// Nothing: what a model fine-tuned for embeddings was trained with, or what the files of sentence-transformers in
  /// the folder say, else the mean.
  std::optional<model::EmbeddingPooling> pooling = {};
  /// See model::HeadConfig; those below 0 count from the end: -1 is the last.
  std::vector<std::int64_t> layers = {};
  bool with_attentions = false;
};

/// A model that turns texts into vectors, of length 1 unless every token has its own.
struct EmbeddingModel {
  std::shared_ptr<model::TaskModel> model;
  std::shared_ptr<const text::Tokenizer> tokenizer;
  VectorOrigin origin;  ///< what its vectors are made by
};

/// Opens the encoder of any model folder, pretrained or fine-tuned for whatever task. Of a folder of
/// sentence-transformers, length and case of texts count whatever the choice.
/// Throws ModelError for a folder without an encoder's weights; UsageError for a layer that the model does not have,
/// and for attention probabilities of layer 0.
/// \param encoder of a model of the folder that is open already, whose weights the vectors are computed with; null: they
/// are loaded
EmbeddingModel open_embedding_model(const ModelFolder& folder, const model::Compute& compute,
                                    const VectorChoice& choice = {},
                                    const std::shared_ptr<model::AlbertModel>& encoder = nullptr);
EmbeddingModel open_embedding_model(const std::filesystem::path& path, const model::Compute& compute,
                                    const VectorChoice& choice = {});

}  // namespace albert::inference
