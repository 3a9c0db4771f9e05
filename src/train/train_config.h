#pragma once

#include <cstdint>
#include <string_view>

#include "config/fields.h"

namespace albert::train {

/// Where the model is trained. kAuto: on CUDA where there is a GPU, else on the CPU.
enum class DeviceChoice { kAuto, kCpu, kCuda };

/// The type of the matrix products. kAuto: bfloat16 where the device multiplies it fast, else float32.
enum class PrecisionChoice { kAuto, kFloat32, kBFloat16 };

/// The `train` part of a configuration, for every task.
struct TrainConfig {
  std::int64_t steps = 125000;
  std::int64_t batch_size = 4096;
  std::int64_t micro_batch_size = 32;
  DeviceChoice device = DeviceChoice::kAuto;
  PrecisionChoice precision = PrecisionChoice::kAuto;
  std::int64_t seed = 1;
  std::int64_t threads = 0;
  bool deterministic = false;
  bool recompute = false;

  void fields(config::Fields& f);
};

/// The `evaluate` part of a configuration.
struct EvaluateConfig {
  std::int64_t every = 1000;
  std::int64_t max_sequences = 2048;

  void fields(config::Fields& f);
};

/// The `log` part of a configuration.
struct LogConfig {
  std::int64_t every = 10;

  void fields(config::Fields& f);
};

}  // namespace albert::train
