#pragma once

#include <cstdint>
#include <filesystem>

#include "model/head_config.h"

namespace albert::interop {

/// Writes into a model folder what SentenceTransformer(folder) reads beside the model: modules.json, the settings of
/// its transformer, `1_Pooling` and `2_Normalize`. Their keys are those of its versions 2 to 5, which 6 converts, and
/// which Text Embeddings Inference asks for.
/// \param pooling kMean or kFirstToken
/// \param max_length of a text in tokens, with the special ones
void write_sentence_transformers_files(const std::filesystem::path& folder, model::EmbeddingPooling pooling,
                                       std::int64_t hidden_size, std::int64_t max_length);

}  // namespace albert::interop
