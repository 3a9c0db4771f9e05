#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "model/head_config.h"

namespace albert::inference {

/// How a folder of sentence-transformers makes vectors of texts.
struct SentenceSettings {
  model::EmbeddingPooling pooling = model::EmbeddingPooling::kMean;
  std::optional<std::int64_t> max_length = {};  ///< of a text in tokens
  bool lower_cases = false;                     ///< texts are lower-cased before the tokenizer has them
  bool normalizes = false;                      ///< vectors get the length 1, as ours always do
  std::optional<std::int64_t> vector_size = {};
  std::map<std::string, std::string> prompts = {};  ///< by name; put before texts where one asks for it, never here
  std::string similarity = "cosine";                ///< by which vectors are compared
};

/// What modules.json of a folder says, and the settings of the modules that it names; nothing if there is none. Reads
/// the keys of versions 2 to 5 and those of 6.
/// \param pooling takes the place of what the folder says of it, which may then be one that we do not compute; with
/// kNone, where nothing is made of the hidden states, so may what follows on it
/// Throws ModelError for what we do not compute (a dense layer, other poolings or none, a prompt before every text), and
/// for broken files.
std::optional<SentenceSettings> read_sentence_settings(const std::filesystem::path& folder,
                                                       std::optional<model::EmbeddingPooling> pooling = {});

/// Whether a folder of sentence-transformers makes sparse vectors: modules.json names SpladePooling.
/// Throws ModelError for a broken file.
bool is_sparse_encoder(const std::filesystem::path& folder);

/// The prompts of a folder of sentence-transformers, if it has any. Throws ModelError for a broken file.
std::map<std::string, std::string> read_sentence_prompts(const std::filesystem::path& folder);

}  // namespace albert::inference
