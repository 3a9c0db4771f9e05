#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "config/document.h"
#include "corpus/examples.h"
#include "model/config.h"
#include "train/training_config.h"

namespace albert::train {

/// The `data` part of a pretraining configuration.
struct PretrainDataConfig {
  std::filesystem::path corpus;
  corpus::ExampleConfig examples;
  std::int64_t threads = 2;

  void fields(config::Fields& f);
};

/// The configuration of `albert pretrain`.
struct PretrainConfig {
  model::AlbertConfig model;
  PretrainDataConfig data;
  TrainingConfig training;

  void fields(config::Fields& f);
  void check(config::Checks& c) const;
};

/// A configuration with where each of its values was written.
struct WrittenConfig {
  PretrainConfig values;
  config::Document document{{"model"}};

  /// The resolved values as YAML that reads back to the same. \param with_origins says beside each value where it was
  /// written
  std::string to_yaml(bool with_origins = false) const;
};

/// Reads a YAML file (may be empty: none) and the assignments of --set over it. Throws UsageError listing every
/// mistake.
WrittenConfig read_pretrain_config(const std::filesystem::path& file, const std::vector<std::string>& assignments);

}  // namespace albert::train
