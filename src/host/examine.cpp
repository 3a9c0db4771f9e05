#include "host/examine.h"

#include <chrono>

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <dlfcn.h>
#include <torch/headeronly/version.h>

#include "host/folder_probe.h"
#include "host/speed.h"
#include "host/system.h"
#include "model/compute.h"

namespace albert::host {

namespace {

LibTorch find_libtorch() {
  LibTorch found;
  found.version = TORCH_VERSION;
  Dl_info info{};
  if (::dladdr(reinterpret_cast<const void*>(&at::get_num_threads), &info) != 0 && info.dli_fname != nullptr) {
    found.path = std::filesystem::weakly_canonical(info.dli_fname);
  }
  found.capability = at::get_cpu_capability();
  found.num_threads = at::get_num_threads();
  found.has_cuda = model::is_cuda_build();
  found.num_gpus = at::Context::hasCUDA() ? at::detail::getCUDAHooks().getNumGPUs() : 0;
  return found;
}

}  // namespace

Facts examine_host(const std::optional<std::filesystem::path>& run_dir) {
  constexpr std::chrono::milliseconds kMeasuring(900);
  Facts facts;
  facts.variables = read_variables();  // before the program sets some of them itself
  facts.processor = read_processor();
  facts.processor.own_kernels = model::own_instruction_set();
  facts.cores = read_cores();
  facts.memory = read_memory();
  facts.gpus = read_gpus();
  facts.locale = read_locale();
  facts.open_files = read_open_files();
  facts.huge_pages = read_huge_pages();
  facts.libtorch = find_libtorch();
  if (run_dir) facts.folder = probe_folder(*run_dir);

  model::ComputeConfig as_auto;
  const model::Compute compute = model::set_up_compute(as_auto);
  facts.device = compute.device.str();
  facts.auto_takes_bfloat16 = compute.precision == model::Precision::kBFloat16;
  if (compute.device.is_cpu()) {
    for (const model::Precision precision : model::fast_precisions())
      facts.fast_precisions.emplace_back(name_of(precision));
  }
  facts.speed = measure_products(compute.device, kMeasuring);
  return facts;
}

}  // namespace albert::host
