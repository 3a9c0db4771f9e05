#include "train/load_model.h"

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "checkpoint/model_folder.h"
#include "model/config_json.h"

namespace albert::train {

LoadedModel load_pretraining_model(const std::filesystem::path& folder) {
  const fs::path config_file = folder / checkpoint::kConfigFile;
  if (!fs::is_regular_file(config_file)) {
    throw ModelError("{} is not a model folder: there is no {} in it", folder.string(), checkpoint::kConfigFile);
  }
  LoadedModel loaded;
  loaded.tokenizer = text::Tokenizer::open(folder);
  const model::AlbertConfig config = model::parse_config_json(read_file(config_file), config_file.string());
  if (loaded.tokenizer->vocabulary_size() > config.vocab_size) {
    throw ModelError("{}: the tokenizer has {} pieces, but vocab_size in {} is {}; they do not belong together",
                     folder.string(), loaded.tokenizer->vocabulary_size(), checkpoint::kConfigFile, config.vocab_size);
  }
  loaded.model = std::make_shared<model::AlbertForPretraining>(config);
  const auto report = checkpoint::load_parameters(folder, optim::named_tensors(loaded.model->named_parameters()),
                                                  checkpoint::Match::kComplete);
  spdlog::debug("{}", report.to_string());
  return loaded;
}

}  // namespace albert::train
