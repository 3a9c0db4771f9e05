#pragma once

#include <cstdint>
#include <string>

#include "optim/named_tensor.h"

namespace albert::text {
class Tokenizer;
}

namespace albert::checkpoint {

/// What a model folder is made of.
struct ModelContents {
  optim::NamedTensors parameters;  ///< under the names of Hugging Face; tied weights once (no predictions.decoder.*)
  std::string config_json;
  const text::Tokenizer* tokenizer = nullptr;
  std::int64_t max_length = 512;  ///< for tokenizer_config.json
};

}  // namespace albert::checkpoint
