#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include "config/fields.h"
#include "model/precision.h"

namespace albert::model {

/// How a model is computed. A command makes one, by set_up_compute(), and gives it to the models that it opens: they
/// have their parameters on the device and keep their own copies of them in the compute type.
struct Compute {
  c10::Device device = c10::kCPU;
  Precision precision = Precision::kFloat32;
  int num_threads = 1;
  /// The inputs of every Linear are rounded to 256 numbers, as an int8 ONNX file does, and computed with in float32: to
  /// know its figures before it is used. The weights are for the caller to round.
  bool simulates_int8 = false;
  /// The model is for prediction alone: a Linear gives the memory of its parameter `weight` back once it has laid the
  /// matrix out for its kernels.
  bool is_frozen = false;

  /// Of the activations between the products: float32 or bfloat16.
  at::ScalarType activation_type() const;
  std::string to_string() const;  ///< "cpu, 2 threads, bfloat16"
};

/// By what instructions this host computes on its processor, which decides how sums are rounded: "AVX512, avx512-bf16".
std::string instruction_sets();
/// That of the program's own loops: "avx512-amx", "avx512-bf16", "avx2" or "baseline".
std::string own_instruction_set();

/// Whether the program was built with CUDA. at::Context::hasCUDA() is false, too, where there is only no GPU.
bool is_cuda_build();

/// What a user may choose of it.
struct ComputeConfig {
  std::optional<c10::DeviceType> device;  ///< nothing: CUDA where there is a GPU, else the CPU
  std::optional<Precision> precision;     ///< nothing: bfloat16 where the device multiplies it fast, else float32
  std::int64_t threads = 0;               ///< 0: one per core
  bool deterministic = false;

  void fields(config::Fields& f);
};

/// Whether set_up_compute() will take a GPU.
bool computes_on_gpu(const ComputeConfig& config);

/// The precisions in which this processor predicts faster than in float32, the fastest first.
std::vector<Precision> fast_precisions();

/// What of a host a process may use, if it is one of several ranks on it.
struct HostShare {
  int gpu = 0;      ///< by its number
  int threads = 0;  ///< 0: as many as LibTorch takes by itself
};

/// Chooses what the configuration leaves open, writes the choices into it, and sets LibTorch up: number of threads,
/// deterministic algorithms.
/// Throws UsageError if CUDA is asked for and there is none, for int8 on CUDA, and for more than 4,096 threads.
Compute set_up_compute(ComputeConfig& config, const HostShare& share = {});

}  // namespace albert::model
