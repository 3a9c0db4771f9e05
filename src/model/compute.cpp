#include "model/compute.h"

#include <cstdlib>

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/detail/CUDAHooksInterface.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/processor.h"
#include "base/threads.h"
#include "ops/kernels/kernels.h"
#include "ops/memory.h"

namespace albert::model {

namespace {

constexpr std::int64_t kMaxThreads = 4096;

c10::Device choose_device(std::optional<c10::DeviceType> asked, int gpu) {
  if (asked == c10::kCPU) return c10::kCPU;
  if (at::Context::hasCUDA()) return {c10::kCUDA, static_cast<c10::DeviceIndex>(gpu)};
  if (!asked) return c10::kCPU;
  throw UsageError(
      "the device is cuda, but {}; take the CPU: train.device=cpu in a configuration, --device cpu elsewhere",
      is_cuda_build() ? "no GPU is visible to this process (see nvidia-smi and CUDA_VISIBLE_DEVICES)"
                      : "this program was built without CUDA (build it with the preset 'cuda')");
}

/// Whether matrix products in bfloat16 are faster than in float32.
bool multiplies_bfloat16(c10::Device device) {
  // Compute capability 8.0 or later: what the question comes down to, without CUDA's own headers.
  if (device.is_cuda()) return at::detail::getCUDAHooks().supportsBFloat16ConvolutionWithCuDNNv8();
  return multiplies_bfloat16_fast();
}

}  // namespace

std::string_view name_of(Precision precision) {
  switch (precision) {
    case Precision::kFloat32:
      return "float32";
    case Precision::kBFloat16:
      return "bfloat16";
    case Precision::kInt8:
      break;
  }
  return "int8";
}

bool computes_on_gpu(const ComputeConfig& config) {
  return config.device == c10::kCUDA || (!config.device && at::Context::hasCUDA());
}

std::vector<Precision> fast_precisions() {
  std::vector<Precision> fast;
  if (ops::kernels::instruction_set() >= ops::kernels::InstructionSet::kAvx512) fast.push_back(Precision::kInt8);
  if (multiplies_bfloat16_fast()) fast.push_back(Precision::kBFloat16);
  return fast;
}

bool is_cuda_build() {
  return at::detail::getCUDAHooks().hasCUDART();
}

void ComputeConfig::fields(config::Fields& f) {
  f.choice("device", device, "where to compute; auto takes CUDA where there is a GPU",
           {{"auto", std::nullopt}, {"cpu", c10::kCPU}, {"cuda", c10::kCUDA}});
  f.choice(
      "precision", precision,
      "type of the matrix products; parameters, statistics and losses are float32 in any case; auto takes bfloat16 "
      "where the device multiplies it faster (AMX, AMD with AVX512_BF16, CUDA sm80 or later)",
      {{"auto", std::nullopt}, {"float32", Precision::kFloat32}, {"bfloat16", Precision::kBFloat16}});
  f("threads", threads, "threads of the tensor operations; 0: one per core", config::between(0, kMaxThreads));
  f("deterministic", deterministic,
    "on CUDA, repeat a run bit for bit at some cost in speed; a CPU repeats it anyhow, with the same number of "
    "threads");
}

at::ScalarType Compute::activation_type() const {
  if (precision != Precision::kInt8) return precision == Precision::kBFloat16 ? at::kBFloat16 : at::kFloat;
  return ops::kernels::instruction_set() >= ops::kernels::InstructionSet::kAvx512 ? at::kBFloat16 : at::kFloat;
}

std::string Compute::to_string() const {
  return fmt::format("{}, {}, {}", device.str(), counted(num_threads, "thread"), name_of(precision));
}

std::string own_instruction_set() {
  using ops::kernels::InstructionSet;
  const InstructionSet own = ops::kernels::instruction_set();
  if (own == InstructionSet::kAmx) return "avx512-amx";
  return own == InstructionSet::kAvx512 ? "avx512-bf16" : own == InstructionSet::kAvx2 ? "avx2" : "baseline";
}

std::string instruction_sets() {
  return fmt::format("{}, {}", at::get_cpu_capability(), own_instruction_set());
}

Compute set_up_compute(ComputeConfig& config, const HostShare& share) {
  if (config.threads > kMaxThreads)
    throw UsageError("expected at most {} threads, found {}; ask for fewer", kMaxThreads, config.threads);
  Compute compute;
  compute.device = choose_device(config.device, share.gpu);
  if (!config.precision) {
    config.precision = multiplies_bfloat16(compute.device) ? Precision::kBFloat16 : Precision::kFloat32;
  }
  compute.precision = *config.precision;
  if (compute.precision == Precision::kInt8 && compute.device.is_cuda())
    throw UsageError("int8 is for the CPU: add --device cpu, or take --precision bfloat16 on the GPU");
  config.device = compute.device.type();

  const std::int64_t threads = config.threads > 0 ? config.threads : share.threads;
  // OpenMP ends the process where it gets no threads, and the pool that LibTorch has besides waits for them for ever.
  require_threads(2 * (threads > 0 ? threads : at::get_num_threads()));
  if (threads > 0) at::set_num_threads(static_cast<int>(threads));
  compute.num_threads = at::get_num_threads();
  config.threads = compute.num_threads;
  ops::set_up_memory();
  // On a CPU this costs next to nothing, and resuming is exact only with it.
  const bool deterministic = config.deterministic || compute.device.is_cpu();
  at::globalContext().setDeterministicAlgorithms(deterministic, /*warn_only=*/false);
  // cuBLAS repeats its sums only in a workspace of a fixed size, and LibTorch refuses its products without one.
  if (config.deterministic && compute.device.is_cuda()) setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", /*replace=*/0);
  // Filling fresh memory, so that reading it too early is the same every time, is for finding defects.
  at::globalContext().setDeterministicFillUninitializedMemory(false);
  return compute;
}

}  // namespace albert::model
