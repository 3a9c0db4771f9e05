#pragma once

#include <ATen/core/grad_mode.h>

namespace albert::model {

/// While one lives, its thread only predicts: no gradients are recorded, and what a model computes with is faster than
/// what training repeats exactly. A forward pass of training without gradients, as recomputation has them, has none.
class PredictionGuard {
 public:
  PredictionGuard() : before_(is_on_) { is_on_ = true; }
  ~PredictionGuard() { is_on_ = before_; }
  PredictionGuard(const PredictionGuard&) = delete;
  PredictionGuard& operator=(const PredictionGuard&) = delete;

  static bool is_on() { return is_on_; }

 private:
  static inline thread_local bool is_on_ = false;

  at::NoGradGuard no_gradients_;
  bool before_;
};

}  // namespace albert::model
