#pragma once

#include "ops/kernels/vec.h"
#include "ops/kernels/vec_math.h"

namespace albert::ops::kernels::ALBERT_ISA {

namespace {

constexpr float kInverseSqrt2Pi = 0.39894228F;
constexpr float kTanhScale = 0.79788456F;  // sqrt(2 / pi)
constexpr float kTanhCube = 0.044715F;

struct Gelu {
  static Vec value(Vec x) { return x * normal(x).mass; }
  static Vec slope(Vec x) {
    const Normal at = normal(x);
    return at.mass + x * at.bell * kInverseSqrt2Pi;
  }
};

/// (1 + tanh u) / 2 is the sigmoid of 2 u.
struct GeluTanh {
  static Vec value(Vec x) { return x * sigmoid(x * (x * x * kTanhCube + 1.0F) * (2 * kTanhScale)); }
  static Vec slope(Vec x) {
    const Vec square = x * x;
    const Vec gate = sigmoid(x * (square * kTanhCube + 1.0F) * (2 * kTanhScale));
    return gate + x * gate * (1.0F - gate) * (square * (3 * kTanhCube) + 1.0F) * (2 * kTanhScale);
  }
};

struct Relu {
  static Vec value(Vec x) { return x > 0 ? x : Vec{}; }
  static Vec slope(Vec x) { return x > 0 ? broadcast(1.0F) : Vec{}; }
};

template <typename F, typename T>
void apply(const T* product, const float* bias, T* out, std::int64_t rows, std::int64_t columns) {
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 0; c < columns; c += kWidth) {
      const std::int64_t count = columns - c;
      const Vec shift = bias ? load(bias + c, count) : Vec{};
      store(out + r * columns + c, F::value(load(product + r * columns + c, count) + shift), count);
    }
  }
}

template <typename F, typename T>
void apply_backward(const T* grad, const T* product, const float* bias, T* grad_product, float* bias_sum,
                    std::int64_t rows, std::int64_t columns) {
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 0; c < columns; c += kWidth) {
      const std::int64_t count = columns - c;
      const std::int64_t at = r * columns + c;
      const Vec shift = bias ? load(bias + c, count) : Vec{};
      const Vec g = load(grad + at, count) * F::slope(load(product + at, count) + shift);
      store(grad_product + at, g, count);
      store(bias_sum + c, load(bias_sum + c, count) + g, count);
    }
  }
}

}  // namespace

template <typename T>
void bias_activation(const T* product, const float* bias, T* out, std::int64_t rows, std::int64_t columns,
                     Activation activation) {
  if (activation == Activation::kGelu) return apply<Gelu>(product, bias, out, rows, columns);
  if (activation == Activation::kGeluTanh) return apply<GeluTanh>(product, bias, out, rows, columns);
  apply<Relu>(product, bias, out, rows, columns);
}

template <typename T>
void bias_activation_backward(const T* grad, const T* product, const float* bias, T* grad_product, float* bias_sum,
                              std::int64_t rows, std::int64_t columns, Activation activation) {
  if (activation == Activation::kGelu)
    return apply_backward<Gelu>(grad, product, bias, grad_product, bias_sum, rows, columns);
  if (activation == Activation::kGeluTanh)
    return apply_backward<GeluTanh>(grad, product, bias, grad_product, bias_sum, rows, columns);
  apply_backward<Relu>(grad, product, bias, grad_product, bias_sum, rows, columns);
}

}  // namespace albert::ops::kernels::ALBERT_ISA
