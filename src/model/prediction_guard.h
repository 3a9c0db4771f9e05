#pragma once

#include <utility>

#include <ATen/core/grad_mode.h>

namespace albert::model {

/// While one lives, its thread only predicts: no gradients are recorded, and what a model computes with is faster than
/// what training repeats exactly. A forward pass of training without gradients, as recomputation has them, has none.
class PredictionGuard {
 public:
  PredictionGuard() = default;
  ~PredictionGuard() { state() = before_; }
  PredictionGuard(const PredictionGuard&) = delete;
  PredictionGuard& operator=(const PredictionGuard&) = delete;

  static bool is_on() { return state(); }

 private:
  static bool& state() {
    static thread_local bool is_on = false;
    return is_on;
  }

  at::NoGradGuard no_gradients_;
  bool before_ = std::exchange(state(), true);
};

}  // namespace albert::model
