#include "ops/cuda/launch.h"

#include <c10/core/impl/VirtualGuardImpl.h>

#include "base/error.h"

namespace albert::ops::cuda {

namespace {

const KernelTable*& in_use() {
  static const KernelTable* table = device_kernels();
  return table;
}

}  // namespace

const KernelTable* kernels_in_use() {
  return in_use();
}

void use_kernels(const KernelTable* table) {
  in_use() = table;
}

void* current_stream(at::Device device) {
  if (!device.is_cuda()) return nullptr;
  return c10::impl::VirtualGuardImpl(device.type()).getStream(device).native_handle();
}

void fail_to_launch(const char* reason) {
  throw InternalError("a kernel could not be launched on the GPU, or what the GPU did before it failed: {}", reason);
}

}  // namespace albert::ops::cuda
