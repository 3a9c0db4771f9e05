#include "train/pretrain_config.h"

#include <spdlog/fmt/fmt.h>

namespace albert::train {

void PretrainDataConfig::fields(config::Fields& f) {
  f("corpus", corpus, "folder made by `albert corpus build`");
  examples.fields(f);
  f("threads", threads, "background threads that make batches; 0: the training thread makes them itself",
    config::at_least(0));
}

void PretrainConfig::fields(config::Fields& f) {
  f.group("model", model, "the shape of the model: these values, or a file that holds them");
  f.group("data", data, "what is learnt from");
  training.fields(f);
}

void PretrainConfig::check(config::Checks& c) const {
  model.check(c);
  data.examples.check(c, "data.");
  training.check(c);
  if (data.examples.max_sequence_length > model.max_position_embeddings) {
    c.fail("data.max_sequence_length", fmt::format("is {}, but model.max_position_embeddings is {}",
                                                   data.examples.max_sequence_length, model.max_position_embeddings));
  }
}

WrittenPretrainConfig read_pretrain_config(const std::filesystem::path& name,
                                           const std::vector<std::string>& assignments) {
  return config::read_written<PretrainConfig>(name, "pretrain", assignments, {"model"});
}

}  // namespace albert::train
