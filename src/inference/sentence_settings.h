#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "model/head_config.h"

namespace albert::inference {

/// How a folder of sentence-transformers makes vectors of texts.
struct SentenceSettings {
  model::EmbeddingPooling pooling = model::EmbeddingPooling::kMean;
  std::optional<std::int64_t> max_length = {};  ///< of a text in tokens
};

/// What modules.json of a folder says, and the settings of the modules that it names; nothing if there is none. Reads
/// the keys of versions 2 to 5 and those of 6.
/// Throws ModelError for modules that we do not compute (a dense layer, other poolings), and for broken files.
std::optional<SentenceSettings> read_sentence_settings(const std::filesystem::path& folder);

}  // namespace albert::inference
