#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/safetensors.h"

namespace albert::checkpoint {

/// The table of the word embeddings, as the models of today name it.
inline constexpr const char* kWordEmbeddings = "albert.embeddings.word_embeddings.weight";

/// Stored tensors under the names that the models of today have.
struct CanonicalWeights {
  std::map<std::string, const StoredTensor*> tensors;
  std::vector<std::string> mistakes;  ///< what is stored twice, and is not the same
  std::string prefix;                 ///< what stands before the names of the encoder, "module." or "model." of others
};

/// Sees through what others put before and into the names: the components of PyTorch's wrappers (module of
/// DataParallel, _orig_mod of torch.compile ...) wherever they stand, and whatever stands before the encoder and its
/// heads, as where the model was a member of a larger one. And through what Hugging Face has written over the years: an
/// encoder saved alone, without the prefix "albert."; BERT's names (bert_names.h); LayerNorm.gamma and .beta;
/// predictions.decoder.bias beside or instead of predictions.bias; the tied predictions.decoder.weight; the buffers
/// position_ids and token_type_ids.
/// \param stored tensors that outlive the result
CanonicalWeights canonical_weights(const std::vector<const StoredTensor*>& stored);

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
  std::string prefix = {};                  ///< taken off the names in the file
  std::vector<std::string> remarks = {};    ///< see StoredWeights::remarks()

  /// For the log, a line for each that is not empty; a part of the model of which every tensor went the same way is
  /// named once ("predictions.*").
  std::string to_string() const;
};

}  // namespace albert::checkpoint
