#pragma once

#include <cstdint>

#include "config/fields.h"
#include "parallel/gradient_type.h"

namespace albert::parallel {

/// The `parallel` part of a configuration: how several processes train together.
struct ParallelConfig {
  std::int64_t timeout_s = 60;
  std::int64_t join_timeout_s = 300;
  GradientType gradient_type = GradientType::kFloat32;
  std::int64_t bucket_elements = 4 << 20;
  bool shard_optimizer = false;

  void fields(config::Fields& f);
};

}  // namespace albert::parallel
