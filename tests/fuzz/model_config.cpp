// An input is the config.json of a model folder; its first byte says which function reads it.

#include <memory>

#include "base/error.h"
#include "fuzz.h"
#include "inference/google_config.h"
#include "model/config_json.h"
#include "tasks/definition_json.h"

namespace albert::fuzz {

namespace {

constexpr std::int64_t kMaxLength = 512;

void read_definition(std::string_view text) {
  const auto stored = tasks::definition_from_json(text, "config.json", kMaxLength);
  if (stored) tasks::definition_to_json(stored->definition);
}

void read_model(std::string_view text) {
  const model::AlbertConfig config = model::parse_config_json(text, "config.json");
  require(model::parse_config_json(model::to_config_json(config), "config.json") == config);
}

std::shared_ptr<const checkpoint::StoredWeights> no_weights() {
  throw ModelError("there are no weights");
}

}  // namespace

void read(std::string_view input) {
  switch (take_choice(input, 4)) {
    case 0:
      return read_model(input);
    case 1:
      return read_definition(input);
    case 2:
      return read_model(inference::from_google_config(input, "bert_config.json", no_weights));
    default:
      inference::from_google_config(input, "albert_config.json", no_weights);
  }
}

}  // namespace albert::fuzz
