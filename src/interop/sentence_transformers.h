#pragma once

#include <filesystem>
#include <optional>

#include "inference/open_model.h"
#include "inference/sentence_settings.h"

namespace albert::interop {

/// Writes into a model folder what SentenceTransformer(folder) reads beside the model: modules.json, the settings of
/// its transformer, `1_Pooling` and `2_Normalize`. Their keys are those of its versions 2 to 5, which 6 converts, and
/// which Text Embeddings Inference asks for.
/// \param settings with the pooling kMean or kFirstToken, the length of a text and the size of vectors
void write_sentence_transformers_files(const std::filesystem::path& folder,
                                       const inference::SentenceSettings& settings);

/// Those of a model folder that stays what it was, whatever this program computes of them; nothing if it has none.
/// Throws ModelError as inference::read_sentence_settings().
std::optional<inference::SentenceSettings> stored_sentence_settings(const inference::ModelFolder& source);

}  // namespace albert::interop
