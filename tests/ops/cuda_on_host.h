#pragma once

#include "ops/cuda/kernels.h"

namespace albert::ops::testing {

/// The bodies of the kernels for GPUs as loops of this processor, where they read and write tensors of the CPU. A team has
/// several threads, so that what they do together is checked, too. Layer norms have at most 1,024 columns here.
const cuda::KernelTable& kernels_on_host();

}  // namespace albert::ops::testing
