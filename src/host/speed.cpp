#include "host/speed.h"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "ops/linear.h"
#include "ops/panel_linear.h"

namespace albert::host {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kIn = 768;
constexpr std::int64_t kOut = 3072;
constexpr std::int64_t kFewRows = 64;      // to find out how long a product takes
constexpr std::int64_t kMostRows = 1024;   // 8 sequences of 128 tokens
constexpr double kProductSeconds = 0.008;  // some end before the system gives the core to another process

/// One kind of product.
class Products {
 public:
  /// \param multiply computes the product of x [R, in] and the matrix, and waits for it
  Products(at::TensorOptions options, std::function<void(const at::Tensor&)> multiply)
      : options_(options), multiply_(std::move(multiply)), x_(rows(kFewRows)) {
    compute();
    const double seconds = compute();
    x_ = rows(std::clamp(static_cast<std::int64_t>(kFewRows * kProductSeconds / seconds), kFewRows, kMostRows));
    compute();
  }

  /// Computes one more.
  void add() { flops_ = std::max(flops_, 2.0 * static_cast<double>(x_.size(0) * kIn * kOut) / compute()); }

  /// Operations a second, of the fastest.
  double flops() const { return flops_; }

 private:
  at::Tensor rows(std::int64_t count) const { return at::randn({count, kIn}, options_); }

  /// \return how long it took, in seconds
  double compute() const {
    const auto begin = Clock::now();
    multiply_(x_);
    return std::chrono::duration<double>(Clock::now() - begin).count();
  }

  at::TensorOptions options_;
  std::function<void(const at::Tensor&)> multiply_;
  at::Tensor x_;
  double flops_ = 0;
};

/// As training multiplies.
Products products_of(c10::Device device, at::ScalarType type) {
  const auto options = at::TensorOptions(device).dtype(type);
  return {options, [weight = at::randn({kOut, kIn}, options)](const at::Tensor& x) {
            const at::Tensor product = ops::linear_product(x, {.master = weight, .compute = weight});  // [R, out]
            if (!product.is_cpu()) product[0][0].item<float>();  // waits for the GPU
          }};
}

/// As prediction does, the rounding of the activations included.
Products products_of_int8() {
  return {at::kFloat, [weight = ops::make_int8_panels(at::randn({kOut, kIn}))](const at::Tensor& x) {
            ops::int8_linear(ops::round_rows(x), weight, {});
          }};
}

}  // namespace

Speed measure_products(c10::Device device, std::chrono::milliseconds time) {
  const at::NoGradGuard no_gradients;
  std::vector<Products> kinds = {products_of(device, at::kFloat), products_of(device, at::kBFloat16)};
  if (device.is_cpu()) kinds.push_back(products_of_int8());
  const auto end = Clock::now() + time;
  do {
    for (Products& kind : kinds) kind.add();
  } while (Clock::now() < end);
  return {kinds[0].flops(), kinds[1].flops(), device.is_cpu() ? kinds[2].flops() : 0};
}

}  // namespace albert::host
