#include "parallel/config.h"

namespace albert::parallel {

void ParallelConfig::fields(config::Fields& f) {
  constexpr int kFewest = 4, kMost = 86400;
  f("timeout_s", timeout_s,
    "seconds after which a rank without a sign of life is given up: the others end with exit code 7",
    config::between(kFewest, kMost));
  f.choice("gradient_type", gradient_type,
           "type in which gradients travel between ranks; bfloat16 halves the bytes, and rounds every sum",
           {{"float32", GradientType::kFloat32}, {"bfloat16", GradientType::kBFloat16}});
}

}  // namespace albert::parallel
