#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "checkpoint/tensors.h"
#include "text/tokenizer.h"

namespace albert::checkpoint {

inline constexpr const char* kModelFile = "model.safetensors";
inline constexpr const char* kConfigFile = "config.json";

/// What a model folder is made of.
struct ModelContents {
  NamedTensors parameters;  ///< under the names of Hugging Face; tied weights once (no predictions.decoder.*)
  std::string config_json;
  const text::Tokenizer* tokenizer = nullptr;
  std::int64_t max_length = 512;  ///< for tokenizer_config.json
};

/// Writes config.json, model.safetensors and the tokenizer's files into an existing folder.
void write_model_files(const std::filesystem::path& folder, const ModelContents& model);

/// Writes a model folder that Transformers opens as it is: the folder appears whole or not at all.
void save_model(const std::filesystem::path& folder, const ModelContents& model);

/// How far the weights of a file and the parameters of a model may differ.
enum class Match {
  kExact,     ///< each has what the other has: to resume
  kComplete,  ///< the model's own heads must be there; the order head and the pooler may be absent on either side: to
              ///< use a model
  kEncoder,   ///< only the encoder must be there; heads and pooler may be absent on either side: to start a training
              ///< from a model
};

/// What loading did, by parameter name.
struct LoadReport {
  std::filesystem::path file;
  std::vector<std::string> loaded;
  std::vector<std::string> fresh;      ///< not in the file: keep their initial values
  std::vector<std::string> ignored;    ///< in the file, not in the model
  std::vector<std::string> converted;  ///< loaded from another type than float32

  /// For the log; names parts ("predictions.*") rather than every tensor where all of a part went the same way.
  std::string to_string() const;
};

/// Fills a model's parameters from model.safetensors of a folder, or from a safetensors file. Reads what Hugging Face
/// has written over the years: with or without the prefix "albert.", predictions.decoder.bias for predictions.bias, a
/// predictions.decoder.weight equal to the word embeddings, position_ids, float16 and bfloat16. Nothing is changed
/// unless everything fits. Throws ModelError that names every tensor missing, unexpected or of another shape.
LoadReport load_parameters(const std::filesystem::path& path, const NamedTensors& parameters, Match match);

}  // namespace albert::checkpoint
