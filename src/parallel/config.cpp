#include "parallel/config.h"

namespace albert::parallel {

void ParallelConfig::fields(config::Fields& f) {
  constexpr int kFewest = 4, kMost = 86400;
  constexpr std::int64_t kMostElements = 1 << 30;
  f("timeout_s", timeout_s,
    "seconds within which the others end, with exit code 7, when a rank is lost: it is given up after half of them "
    "without a sign of life",
    config::between(kFewest, kMost));
  f("join_timeout_s", join_timeout_s,
    "seconds that ranks wait for one another at the start: hosts do not start together", config::between(1, kMost));
  f.choice("gradient_type", gradient_type,
           "type in which gradients travel between ranks; bfloat16 halves the bytes, and rounds every sum",
           {{"float32", GradientType::kFloat32}, {"bfloat16", GradientType::kBFloat16}});
  f("bucket_elements", bucket_elements,
    "gradients travel in buffers of at least so many elements, each as soon as it is complete: with small ones more "
    "travels while layers with weights of their own are computed, with large ones there are fewer messages",
    config::between(1, kMostElements));
  f("shard_optimizer", shard_optimizer,
    "each rank keeps the optimizer's state of some parameters, and updates these for all: less memory, more to send, "
    "the same numbers; for large models whose layers share no weights");
}

}  // namespace albert::parallel
