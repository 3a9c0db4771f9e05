#pragma once

#include <cstdint>
#include <string>

#include <c10/core/Device.h>

#include "model/precision.h"
#include "train/train_config.h"

namespace albert::train {

/// What a run computes on.
struct Compute {
  c10::Device device = c10::kCPU;
  model::Precision precision = model::Precision::kFloat32;
  int num_threads = 1;

  std::string to_string() const;  ///< "cpu, 2 threads, bfloat16"
};

/// Chooses what the configuration leaves open, writes the choices into it, and sets LibTorch up: number of threads,
/// deterministic algorithms. Throws UsageError if CUDA is asked for and there is none.
Compute set_up_compute(TrainConfig& config);

}  // namespace albert::train
