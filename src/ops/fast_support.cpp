#include "ops/fast_support.h"

#include "ops/fast.h"

namespace albert::ops::fast {

bool takes(const at::Tensor& x) {
  return x.is_cpu() && x.dim() == 2 && (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16);
}

}  // namespace albert::ops::fast
