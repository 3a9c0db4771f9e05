#pragma once

#include <filesystem>
#include <memory>

#include "model/pretraining.h"
#include "text/tokenizer.h"

namespace albert::train {

/// A model with its tokenizer, on the CPU.
struct LoadedModel {
  std::shared_ptr<model::AlbertForPretraining> model;
  std::shared_ptr<const text::Tokenizer> tokenizer;
};

/// Opens a model folder, of which config.json, model.safetensors and spiece.model are enough. The order head and the
/// pooler, which published models lack at times, may be absent. Throws ModelError naming the file and what is wrong
/// with it.
LoadedModel load_pretraining_model(const std::filesystem::path& folder);

}  // namespace albert::train
