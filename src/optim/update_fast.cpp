#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>

#include "optim/update.h"

namespace albert::optim::fast {

namespace {

/// Elements that one thread takes at a time: 4 arrays of them fit into the L2 cache, and the sums of blocks are added
/// in their order.
constexpr std::int64_t kBlock = 16384;
/// Elements whose update is held on the stack between computing and using it.
constexpr std::int64_t kTile = 512;

/// The same in float32, which is what the elements are.
struct Factors {
  explicit Factors(const UpdateRule& rule)
      : scale(static_cast<float>(rule.gradient_scale)),
        beta1(static_cast<float>(rule.beta1)),
        beta2(static_cast<float>(rule.beta2)),
        gain1(static_cast<float>(1 - rule.beta1)),
        gain2(static_cast<float>(1 - rule.beta2)),
        inverse1(static_cast<float>(1 / rule.mean_correction())),
        inverse2(static_cast<float>(1 / rule.square_correction())),
        epsilon(static_cast<float>(rule.epsilon)),
        decay(static_cast<float>(rule.weight_decay)) {}

  float scale, beta1, beta2, gain1, gain2, inverse1, inverse2, epsilon, decay;
};

struct Arrays {
  float* weight;
  const float* gradient;
  float* exp_avg;
  float* exp_avg_sq;
};

/// Float32 sums would lose digits over millions of elements. Eight lanes let the compiler use vector instructions in a
/// fixed order.
double sum_of_squares(const float* x, std::int64_t n) {
  std::array<double, 8> lanes{};
  std::int64_t i = 0;
  for (; i + 8 <= n; i += 8) {
    for (std::size_t lane = 0; lane < 8; ++lane) {
      const double value = x[i + static_cast<std::int64_t>(lane)];
      lanes[lane] += value * value;
    }
  }
  for (; i < n; ++i) lanes[0] += static_cast<double>(x[i]) * x[i];
  return ((lanes[0] + lanes[4]) + (lanes[1] + lanes[5])) + ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7]));
}

/// Moves the two means of [begin, end) towards the gradient.
void move_means(const Arrays& a, const Factors& f, std::int64_t begin, std::int64_t end) {
  for (std::int64_t i = begin; i < end; ++i) {
    const float g = a.gradient[i] * f.scale;
    a.exp_avg[i] = f.beta1 * a.exp_avg[i] + f.gain1 * g;
    a.exp_avg_sq[i] = f.beta2 * a.exp_avg_sq[i] + f.gain2 * g * g;
  }
}

/// u of [begin, end), from the means.
void compute_change(const Arrays& a, const Factors& f, std::int64_t begin, std::int64_t end, float* change) {
  for (std::int64_t i = begin; i < end; ++i) {
    const float root = std::sqrt(a.exp_avg_sq[i] * f.inverse2);
    change[i - begin] = a.exp_avg[i] * f.inverse1 / (root + f.epsilon) + f.decay * a.weight[i];
  }
}

template <typename Work>
void for_each_tile(std::int64_t begin, std::int64_t end, Work work) {
  for (std::int64_t i = begin; i < end; i += kTile) work(i, std::min(i + kTile, end));
}

/// Calls work(block, begin, end) for every block of `size` elements, on several threads.
template <typename Work>
void for_each_block(std::int64_t size, Work work) {
  const std::int64_t num_blocks = (size + kBlock - 1) / kBlock;
  at::parallel_for(0, num_blocks, 1, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t block = first; block < last; ++block)
      work(block, block * kBlock, std::min(size, (block + 1) * kBlock));
  });
}

/// The sum of g^2 / v of [begin, end), v from the means that moved.
double sum_of_surprise(const Arrays& a, const Factors& f, std::int64_t begin, std::int64_t end) {
  std::array<float, kTile> relative;
  for (std::int64_t i = begin; i < end; ++i) {
    const float g = a.gradient[i] * f.scale;
    relative[static_cast<std::size_t>(i - begin)] =
        g / std::sqrt(std::max(a.exp_avg_sq[i] * f.inverse2, f.epsilon * f.epsilon));
  }
  return sum_of_squares(relative.data(), end - begin);
}

/// What must be known of a whole parameter before its weights can move.
struct Sums {
  double weight = 0;    ///< of squares
  double change = 0;    ///< of squares
  double surprise = 0;  ///< of g^2 / v
};

/// The means move, and the sums are taken.
Sums move_means_and_sum(const Arrays& a, const Factors& f, const UpdateRule& rule, std::int64_t size) {
  std::vector<Sums> sums(static_cast<std::size_t>((size + kBlock - 1) / kBlock));
  for_each_block(size, [&](std::int64_t block, std::int64_t block_begin, std::int64_t block_end) {
    Sums& sum = sums[static_cast<std::size_t>(block)];
    std::array<float, kTile> change;
    for_each_tile(block_begin, block_end, [&](std::int64_t begin, std::int64_t end) {
      move_means(a, f, begin, end);
      if (rule.clip_update > 0) sum.surprise += sum_of_surprise(a, f, begin, end);
      if (!rule.adapted) return;
      compute_change(a, f, begin, end, change.data());
      sum.weight += sum_of_squares(a.weight + begin, end - begin);
      sum.change += sum_of_squares(change.data(), end - begin);
    });
  });
  Sums total;
  for (const Sums& sum : sums) {
    total.weight += sum.weight;
    total.change += sum.change;
    total.surprise += sum.surprise;
  }
  return total;
}

/// What the rate of a parameter is multiplied by.
double ratio_of(const Sums& sums, const UpdateRule& rule, std::int64_t size) {
  double ratio = 1;
  if (rule.adapted && sums.weight > 0 && sums.change > 0) ratio = std::sqrt(sums.weight) / std::sqrt(sums.change);
  if (rule.clip_update > 0) {
    ratio /= std::max(1.0, std::sqrt(sums.surprise / static_cast<double>(size)) / rule.clip_update);
  }
  return ratio;
}

/// \param means_moved whether move_means was done already
void move_weights(const Arrays& a, const Factors& f, std::int64_t size, float rate, bool means_moved) {
  for_each_block(size, [&](std::int64_t, std::int64_t block_begin, std::int64_t block_end) {
    std::array<float, kTile> change;
    for_each_tile(block_begin, block_end, [&](std::int64_t begin, std::int64_t end) {
      if (!means_moved) move_means(a, f, begin, end);
      compute_change(a, f, begin, end, change.data());
      for (std::int64_t i = begin; i < end; ++i) a.weight[i] -= rate * change[static_cast<std::size_t>(i - begin)];
    });
  });
}

}  // namespace

void update(const UpdateTensors& tensors, const UpdateRule& rule) {
  const Factors factors(rule);
  const Arrays arrays{tensors.weight.data_ptr<float>(), tensors.gradient.const_data_ptr<float>(),
                      tensors.exp_avg.data_ptr<float>(), tensors.exp_avg_sq.data_ptr<float>()};
  const std::int64_t size = tensors.weight.numel();
  const bool sums_first = rule.adapted || rule.clip_update > 0;
  const double ratio = sums_first ? ratio_of(move_means_and_sum(arrays, factors, rule, size), rule, size) : 1.0;
  move_weights(arrays, factors, size, static_cast<float>(rule.learning_rate * ratio), sums_first);
}

double sum_of_squares(const at::Tensor& x) {
  const auto* data = x.const_data_ptr<float>();
  std::vector<double> sums(static_cast<std::size_t>((x.numel() + kBlock - 1) / kBlock));
  for_each_block(x.numel(), [&](std::int64_t block, std::int64_t begin, std::int64_t end) {
    sums[static_cast<std::size_t>(block)] = sum_of_squares(data + begin, end - begin);
  });
  double total = 0;
  for (const double sum : sums) total += sum;
  return total;
}

}  // namespace albert::optim::fast
