#pragma once

#include <cstdint>
#include <string>

#include "model/config.h"
#include "optim/named_tensor.h"

namespace albert::text {
class Tokenizer;
}

namespace albert::checkpoint {

/// What a model folder is made of.
struct ModelContents {
  /// Under the names that Hugging Face's ALBERT has; tied weights once (no predictions.decoder.*).
  optim::NamedTensors parameters;
  std::string config_json;
  model::ModelType type = model::ModelType::kAlbert;  ///< whose names the parameters get in the file
  const text::Tokenizer* tokenizer = nullptr;
  std::int64_t max_length = 512;  ///< for tokenizer_config.json
};

}  // namespace albert::checkpoint
