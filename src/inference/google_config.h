#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "checkpoint/stored_weights.h"

namespace albert::inference {

/// The configuration beside a TensorFlow checkpoint: albert_config.json of Google's ALBERT, albert_config_NAME.json of
/// albert_zh, or bert_config.json; nothing if the folder has none.
/// Throws ModelError if it has several.
std::optional<std::filesystem::path> find_google_config(const std::filesystem::path& folder);

/// Such a configuration as Transformers would have written it.
///
/// "gelu" is the tanh approximation in Google's ALBERT (modeling.py:299) and in albert_zh; of BERT Transformers takes
/// it for the exact one, and so does this. The width of the embeddings and the number of groups are those of the
/// weights: the reader of albert_zh's checkpoints multiplies its two embedding matrices, and some of its models share
/// no layers.
/// \param text of the file
/// \param weights opens them, if they are needed
/// Throws ModelError for what is no JSON object, and for albert_zh's layer norm before its layers (ln_type: preln).
std::string from_google_config(std::string_view text, const std::filesystem::path& file,
                               const std::function<std::shared_ptr<const checkpoint::StoredWeights>()>& weights);

}  // namespace albert::inference
