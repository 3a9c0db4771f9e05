#pragma once

#include "ops/cuda/numbers.h"

namespace albert::ops::cuda {

struct Gelu {
  ALBERT_HOST_DEVICE static float mass(float x) { return 0.5F * (1.0F + erff(x * 0.70710678F)); }
  ALBERT_HOST_DEVICE static float value(float x) { return x * mass(x); }
  ALBERT_HOST_DEVICE static float slope(float x) { return mass(x) + x * expf(-0.5F * x * x) * 0.39894228F; }
};

/// (1 + tanh u) / 2 is the sigmoid of 2 u.
struct GeluTanh {
  static constexpr float kScale = 2 * 0.79788456F;  // 2 sqrt(2 / pi)
  static constexpr float kCube = 0.044715F;
  ALBERT_HOST_DEVICE static float gate(float x) { return 1.0F / (1.0F + expf(-kScale * x * (1.0F + kCube * x * x))); }
  ALBERT_HOST_DEVICE static float value(float x) { return x * gate(x); }
  ALBERT_HOST_DEVICE static float slope(float x) {
    const float g = gate(x);
    return g + x * g * (1.0F - g) * kScale * (1.0F + 3 * kCube * x * x);
  }
};

struct Relu {
  ALBERT_HOST_DEVICE static float value(float x) { return x > 0 ? x : 0.0F; }
  ALBERT_HOST_DEVICE static float slope(float x) { return x > 0 ? 1.0F : 0.0F; }
};

/// The columns from `column` on, kWidth of them, of the rows of a strip.
template <typename F, int kWidth, typename T>
ALBERT_HOST_DEVICE void activate(const ActivationRows<T>& call, std::int64_t column, std::int64_t strip) {
  float bias[kWidth] = {};
  if (call.bias) load(call.bias + column, bias);
  for (std::int64_t row = strip; row < call.rows; row += call.strips) {
    const std::int64_t at = row * call.columns + column;
    float x[kWidth];
    load(call.product + at, x);
    for (int i = 0; i < kWidth; ++i) x[i] = F::value(x[i] + bias[i]);
    store(x, call.out + at);
  }
}

template <typename F, int kWidth, typename T>
ALBERT_HOST_DEVICE void activate_backward(const ActivationRows<T>& call, std::int64_t column, std::int64_t strip) {
  float bias[kWidth] = {}, sums[kWidth] = {};
  if (call.bias) load(call.bias + column, bias);
  for (std::int64_t row = strip; row < call.rows; row += call.strips) {
    const std::int64_t at = row * call.columns + column;
    float x[kWidth], grad[kWidth];
    load(call.product + at, x);
    load(call.grad + at, grad);
    for (int i = 0; i < kWidth; ++i) {
      grad[i] *= F::slope(x[i] + bias[i]);
      sums[i] += grad[i];
    }
    store(grad, call.grad_product + at);
  }
  store(sums, call.bias_sums + strip * call.columns + column);
}

/// On the host: calls work(the activation's functions).
template <typename Work>
void with_activation(Activation activation, const Work& work) {
  if (activation == Activation::kGelu) return work(Gelu{});
  if (activation == Activation::kGeluTanh) return work(GeluTanh{});
  work(Relu{});
}

}  // namespace albert::ops::cuda
