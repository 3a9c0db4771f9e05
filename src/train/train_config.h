#pragma once

#include <cstdint>
#include <optional>

#include "config/fields.h"
#include "model/compute.h"

namespace albert::train {

/// The `train` part of a configuration, for every task.
struct TrainConfig {
  std::int64_t steps = 125000;  ///< 0: `epochs` decides
  double epochs = 0;
  std::int64_t batch_size = 4096;
  std::int64_t micro_batch_size = 32;
  model::ComputeConfig compute;
  std::int64_t seed = 1;
  bool recompute = false;

  void fields(config::Fields& f);
  void check(config::Checks& c) const;
};

/// The `evaluate` part of a configuration, for every task.
struct EvaluateConfig {
  std::int64_t every = 1000;
  std::int64_t patience = 0;
  std::optional<std::int64_t> max_sequences = 2048;  ///< nothing: the task always evaluates on all

  void fields(config::Fields& f);
};

/// The `log` part of a configuration.
struct LogConfig {
  std::int64_t every = 10;

  void fields(config::Fields& f);
};

}  // namespace albert::train
