#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/configuration.h"
#include "corpus/examples/corpus_mix.h"
#include "corpus/examples/examples.h"
#include "model/config.h"
#include "train/training_config.h"

namespace albert::train {

/// The `data` part of a pretraining configuration.
struct PretrainDataConfig {
  std::filesystem::path corpus;                ///< empty: the others are meant
  std::vector<corpus::CorpusChoice> corpora;   ///< none: there is the one above
  std::optional<double> sampling_temperature;  ///< nothing: 1
  corpus::ExampleConfig examples;
  config::Timeline length_schedule;  ///< empty: sequences are of their full length from the start
  std::int64_t threads = 2;

  void fields(config::Fields& f);
  void check(config::Checks& c) const;
  /// Throws as corpus::CorpusMix::open().
  corpus::CorpusMix open_corpora() const;
};

/// The configuration of `albert pretrain`.
struct PretrainConfig {
  model::AlbertConfig model;
  PretrainDataConfig data;
  TrainingConfig training;

  void fields(config::Fields& f);
  void check(config::Checks& c) const;

 private:
  void check_stages(config::Checks& c) const;
};

using WrittenPretrainConfig = config::Written<PretrainConfig>;

/// Reads a configuration and the assignments of --set over it.
/// \param name of a YAML file, or of a recipe of configs/pretrain; empty: none
/// Throws UsageError listing every mistake.
WrittenPretrainConfig read_pretrain_config(const std::filesystem::path& name,
                                           const std::vector<std::string>& assignments);

/// The shape of a model as it is described anywhere: a model folder, a config.json, a YAML file of configs/model, the
/// configuration of a training, or the name of a recipe of configs/model or configs/pretrain. A vocabulary size that is
/// left open is returned as 0.
/// Throws UsageError, ModelError or IoError.
model::AlbertConfig read_model_shape(const std::filesystem::path& path);

}  // namespace albert::train
