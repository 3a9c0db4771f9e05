#include "parallel/config.h"

namespace albert::parallel {

void ParallelConfig::fields(config::Fields& f) {
  constexpr int kFewest = 4, kMost = 86400;
  f("timeout_s", timeout_s,
    "seconds after which a rank without a sign of life is given up: the others end with exit code 7",
    config::between(kFewest, kMost));
  f("join_timeout_s", join_timeout_s,
    "seconds that ranks wait for one another at the start: hosts do not start together", config::between(1, kMost));
  f.choice("gradient_type", gradient_type,
           "type in which gradients travel between ranks; bfloat16 halves the bytes, and rounds every sum",
           {{"float32", GradientType::kFloat32}, {"bfloat16", GradientType::kBFloat16}});
  f("shard_optimizer", shard_optimizer,
    "each rank keeps the optimizer's state of some parameters, and updates these for all: less memory, more to send, "
    "the same numbers; for large models whose layers share no weights");
}

}  // namespace albert::parallel
