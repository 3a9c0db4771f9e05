#include "ops/dropout_mask.h"

#include <array>
#include <cmath>

#include "base/error.h"

namespace albert::ops {

namespace {

constexpr std::int64_t kLowWord = 0xffffffff;

/// 32-bit words, each in an int64 so that the product of two of them is whole.
using Words = std::array<at::Tensor, 4>;

/// The high word of an unsigned 64-bit product held in an int64, whose shift carries the sign.
at::Tensor high_word(const at::Tensor& product) {
  return product.bitwise_right_shift(32).bitwise_and(kLowWord);
}

at::Tensor low_word(const at::Tensor& product) {
  return product.bitwise_and(kLowWord);
}

/// Ten rounds on whole tensors; base/random.h has the same for one counter.
Words philox(std::uint64_t key, Words counter) {
  auto k0 = static_cast<std::uint32_t>(key);
  auto k1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const at::Tensor p0 = counter[0] * std::int64_t{0xD2511F53};
    const at::Tensor p1 = counter[2] * std::int64_t{0xCD9E8D57};
    counter = {high_word(p1) ^ counter[1] ^ std::int64_t{k0}, low_word(p1),
               high_word(p0) ^ counter[3] ^ std::int64_t{k1}, low_word(p0)};
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return counter;
}

}  // namespace

std::uint32_t dropout_threshold(double probability) {
  const double threshold = std::round(probability * 65536.0);
  if (!(threshold >= 0 && threshold < 65536))
    throw InternalError("dropout probability {} is not in [0, 1)", probability);
  return static_cast<std::uint32_t>(threshold);
}

float dropout_scale(std::uint32_t threshold) {
  return 65536.0F / static_cast<float>(65536 - threshold);
}

at::Tensor dropout_factors(const Dropout& dropout, std::int64_t num_heads, std::int64_t num_columns,
                           at::Device device) {
  const std::uint32_t threshold = dropout_threshold(dropout.probability);
  const std::int64_t num_blocks = (num_columns + kDropoutBlock - 1) / kDropoutBlock;
  const auto integers = at::TensorOptions().dtype(at::kLong).device(device);
  const at::Tensor rows = dropout.row_numbers.to(device).view({1, -1, 1});                     // [1, R, 1]
  const at::Tensor calls = at::arange(num_blocks * kDropoutLanes, integers).view({1, 1, -1});  // [1, 1, C]
  const at::Tensor heads = at::arange(num_heads, integers).view({-1, 1, 1});                   // [N, 1, 1]
  const at::Tensor zero = at::zeros({num_heads, rows.size(1), calls.size(2)}, integers);       // [N, R, C]
  const Words words = philox(dropout.key, {low_word(rows) + zero, high_word(rows) + zero, calls + zero, heads + zero});

  std::vector<at::Tensor> bits;
  for (const at::Tensor& word : words) {
    bits.push_back(word.bitwise_and(0xffff).view({num_heads, rows.size(1), num_blocks, 1, kDropoutLanes}));
    bits.push_back(word.bitwise_right_shift(16).view({num_heads, rows.size(1), num_blocks, 1, kDropoutLanes}));
  }
  const at::Tensor all =
      at::cat(bits, 3).view({num_heads, rows.size(1), num_blocks * kDropoutBlock});  // [N, R, >= columns]
  return all.narrow(2, 0, num_columns).ge(std::int64_t{threshold}).to(at::kFloat).mul(dropout_scale(threshold));
}

}  // namespace albert::ops
