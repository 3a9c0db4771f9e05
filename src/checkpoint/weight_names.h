#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/safetensors.h"

namespace albert::checkpoint {

/// A file's tensors under the names that the models of today have.
struct CanonicalWeights {
  std::map<std::string, const StoredTensor*> tensors;
  std::vector<std::string> mistakes;  ///< copies that differ from the tensor that they should repeat
};

/// Sees through what Hugging Face has written over the years: an encoder saved alone, without the prefix "albert.";
/// predictions.decoder.bias beside or instead of predictions.bias; the tied predictions.decoder.weight; the buffers
/// position_ids and token_type_ids. The result points into `file`.
CanonicalWeights canonical_weights(const SafetensorsFile& file);

/// The part of the model that a parameter belongs to: "albert.embeddings", "albert.encoder", "albert.pooler",
/// "predictions", "sop_classifier" ...
std::string part_of(std::string_view name);

/// What loading did, by parameter name.
struct LoadReport {
  std::filesystem::path file;
  std::vector<std::string> loaded = {};
  std::vector<std::string> fresh = {};      ///< not loaded: keep their initial values
  std::vector<std::string> ignored = {};    ///< in the file, but not taken
  std::vector<std::string> converted = {};  ///< loaded from another type than the parameter's

  /// For the log, one line for each of the four; a part of the model of which every tensor went the same way is named
  /// once ("predictions.*").
  std::string to_string() const;
};

}  // namespace albert::checkpoint
