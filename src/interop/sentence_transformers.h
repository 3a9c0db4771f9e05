#pragma once

#include <filesystem>

#include "inference/sentence_settings.h"

namespace albert::interop {

/// Writes into a model folder what SentenceTransformer(folder) reads beside the model: modules.json, the settings of
/// its transformer, `1_Pooling` and `2_Normalize`. Their keys are those of its versions 2 to 5, which 6 converts, and
/// which Text Embeddings Inference asks for.
/// \param settings with the pooling kMean or kFirstToken, the length of a text and the size of vectors
void write_sentence_transformers_files(const std::filesystem::path& folder,
                                       const inference::SentenceSettings& settings);

}  // namespace albert::interop
