#pragma once

#include <cstdint>
#include <string>

#include <c10/core/Device.h>

#include "config/fields.h"
#include "model/precision.h"

namespace albert::model {

/// Where the model is computed. kAuto: on CUDA where there is a GPU, else on the CPU.
enum class DeviceChoice { kAuto, kCpu, kCuda };

/// The type of the matrix products. kAuto: bfloat16 where the device multiplies it fast, else float32.
enum class PrecisionChoice { kAuto, kFloat32, kBFloat16 };

/// What a user may choose of it.
struct ComputeConfig {
  DeviceChoice device = DeviceChoice::kAuto;
  PrecisionChoice precision = PrecisionChoice::kAuto;
  std::int64_t threads = 0;
  bool deterministic = false;

  void fields(config::Fields& f);
};

/// What a model is computed on.
struct Compute {
  c10::Device device = c10::kCPU;
  Precision precision = Precision::kFloat32;
  int num_threads = 1;

  std::string to_string() const;  ///< "cpu, 2 threads, bfloat16"
};

/// Chooses what the configuration leaves open, writes the choices into it, and sets LibTorch up: number of threads,
/// deterministic algorithms.
/// Throws UsageError if CUDA is asked for and there is none, and for more than 4,096 threads.
Compute set_up_compute(ComputeConfig& config);

}  // namespace albert::model
