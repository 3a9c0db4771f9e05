#include "model/rank_device.h"

#include <ATen/Context.h>
#include <ATen/detail/CUDAHooksInterface.h>

#include "base/error.h"

namespace albert::model {

int choose_gpu(int local_rank, int num_visible) {
  if (num_visible == 1) return 0;
  if (local_rank < num_visible) return local_rank;
  throw UsageError(
      "rank {} of this host has no GPU: {} are visible to it, each for one rank (see nvidia-smi and "
      "CUDA_VISIBLE_DEVICES); start at most so many ranks on a host, or take the CPU: train.device=cpu",
      local_rank, num_visible);
}

c10::Device device_of_rank(std::optional<c10::DeviceType> asked, int local_rank) {
  if (asked == c10::kCPU || !at::Context::hasCUDA()) return c10::kCPU;
  return {c10::kCUDA, static_cast<c10::DeviceIndex>(choose_gpu(local_rank, at::detail::getCUDAHooks().getNumGPUs()))};
}

}  // namespace albert::model
