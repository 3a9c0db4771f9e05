#pragma once

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

}  // namespace albert::checkpoint
