#include "host/speed.h"

#include <algorithm>

#include <ATen/ATen.h>

#include "ops/linear.h"

namespace albert::host {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kIn = 768;
constexpr std::int64_t kOut = 3072;
constexpr std::int64_t kFewRows = 64;      // to find out how long a product takes
constexpr std::int64_t kMostRows = 1024;   // 8 sequences of 128 tokens
constexpr double kProductSeconds = 0.008;  // some end before the system gives the core to another process

/// The products of one type of numbers.
class Products {
 public:
  Products(c10::Device device, at::ScalarType type)
      : weight_(at::randn({kOut, kIn}, at::TensorOptions(device).dtype(type))), x_(rows(kFewRows)) {
    compute();
    const double seconds = compute();
    x_ = rows(std::clamp(static_cast<std::int64_t>(kFewRows * kProductSeconds / seconds), kFewRows, kMostRows));
    compute();
  }

  /// Computes one more.
  void add() { flops_ = std::max(flops_, 2.0 * static_cast<double>(x_.size(0) * kIn * kOut) / compute()); }

  /// Floating-point operations a second, of the fastest.
  double flops() const { return flops_; }

 private:
  at::Tensor rows(std::int64_t count) const { return at::randn({count, kIn}, weight_.options()); }  // [R, in]

  /// \return how long it took, in seconds
  double compute() const {
    const auto begin = Clock::now();
    const at::Tensor product = ops::linear_product(x_, weight_);  // [R, out]
    if (!product.is_cpu()) product[0][0].item<float>();           // waits for the GPU
    return std::chrono::duration<double>(Clock::now() - begin).count();
  }

  at::Tensor weight_;  // [out, in]
  at::Tensor x_;       // [R, in]
  double flops_ = 0;
};

}  // namespace

Speed measure_products(c10::Device device, std::chrono::milliseconds time) {
  const at::NoGradGuard no_gradients;
  Products float32(device, at::kFloat);
  Products bfloat16(device, at::kBFloat16);
  const auto end = Clock::now() + time;
  do {
    float32.add();
    bfloat16.add();
  } while (Clock::now() < end);
  return {float32.flops(), bfloat16.flops()};
}

}  // namespace albert::host
