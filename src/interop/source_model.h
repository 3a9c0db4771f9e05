#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include <torch/nn/module.h>

#include "checkpoint/model_contents.h"
#include "inference/open_model.h"
#include "inference/sentence_settings.h"
#include "interop/padded_model.h"

namespace albert::interop {

/// What of a model goes into other formats.
enum class ExportHead {
  kStored,        ///< what it is for: its task, or else vectors of texts, masked words, or its hidden states
  kEverything,    ///< all parts that it has: as kStored, but masked words before vectors
  kEmbedding,     ///< a vector for each text
  kHiddenStates,  ///< the encoder alone
};

/// A model that is to be written in other formats, in float32 on the CPU.
struct SourceModel {
  inference::ModelFolder folder;
  std::shared_ptr<const checkpoint::StoredWeights> stored;  ///< of the folder
  std::optional<tasks::TaskDefinition> task;  ///< for GraphHead::kTask of a model that was fine-tuned for one
  PaddedModel padded;
  std::int64_t max_length = 0;         ///< of a text in tokens, [CLS] and [SEP] included
  checkpoint::ModelContents contents;  ///< as a checkpoint has it: names of Hugging Face
  std::shared_ptr<torch::nn::Module> module;

  bool makes_vectors() const {
    return padded.head == GraphHead::kTask && padded.task.kind == model::HeadKind::kEmbedding;
  }
  /// The class of Transformers that gives what is computed: "AutoModelForMaskedLM"; empty where there is none.
  std::string auto_class() const;
  /// Of a model that makes vectors.
  inference::SentenceSettings sentence_settings() const;
  /// The parameters as plain arrays, which live as long as the module and are not to be changed.
  Weights weights() const;
};

/// Opens a model folder, or of a run its best checkpoint.
/// \param pooling for kEmbedding: nothing: what the model was trained with, else the mean
/// Throws ModelError.
SourceModel open_source_model(const std::filesystem::path& path, ExportHead head,
                              std::optional<model::EmbeddingPooling> pooling);

}  // namespace albert::interop
