#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include "ops/compare.h"
#include "ops/fast.h"
#include "ops/linear.h"

namespace albert::ops::testing {
namespace {

using WeightGradientForms = FormsTest;
ALBERT_FOR_EVERY_FORM(WeightGradientForms);

at::Tensor expected(const at::Tensor& grad, const at::Tensor& x) {
  return at::mm(grad.to(at::kDouble).t(), x.to(at::kDouble)).to(at::kFloat);  // [out, in]
}

TEST_P(WeightGradientForms, AProductIsAddedToTheSum) {
  for (const std::int64_t rows : {0, 1, 31, 100, 1024, 1030, 2100}) {
    for (const auto& [out, in] : {std::pair{1, 16}, std::pair{70, 48}, std::pair{300, 160}}) {
      const at::Tensor grad = normal({rows, out}, type(), 1), x = normal({rows, in}, type(), 2);
      const at::Tensor sum = at::full({out, in}, 7.0), once = at::full({out, in}, NAN);
      fast::add_weight_gradient(grad, x, once, false);
      fast::add_weight_gradient(grad, x, sum, true);
      const at::Tensor product = expected(grad, x);
      // Pairs are multiplied exactly and added in float32: bfloat16 is no less exact here.
      EXPECT_LT(distance(once, product, 1e-6), 3e-6) << rows << " rows, " << out << " x " << in;
      EXPECT_LT(distance(sum, product + 7), 3e-6) << rows << " rows, " << out << " x " << in;
    }
  }
}

TEST_P(WeightGradientForms, TheComparisonSeesOneRowLess) {
  const at::Tensor grad = normal({1030, 70}, type(), 1), x = normal({1030, 48}, type(), 2);
  const at::Tensor sum = at::empty({70, 48});
  fast::add_weight_gradient(grad, x, sum, false);
  EXPECT_GT(distance(sum, expected(grad.slice(0, 1), x.slice(0, 1))), 3e-6);
}

TEST_P(WeightGradientForms, ThreadsDoNotCount) {
  const at::Tensor grad = normal({1500, 600}, type(), 1), x = normal({1500, 160}, type(), 2);
  const int threads = at::get_num_threads();
  at::Tensor sums[2] = {at::empty({600, 160}), at::empty({600, 160})};
  for (int i = 0; i < 2; ++i) {
    at::set_num_threads(i + 1);
    fast::add_weight_gradient(grad, x, sums[i], false);
  }
  at::set_num_threads(threads);
  EXPECT_TRUE(at::equal(sums[0], sums[1]));
}

/// A layer that is applied twice, in two backward passes: four parts of one gradient.
TEST_P(WeightGradientForms, TheMasterHasTheSumOverLayersAndPasses) {
  const at::Tensor master = normal({32, 32}, at::kFloat, 3).requires_grad_(true);
  const Weight weight{master, master.detach().to(type())};
  const at::Tensor free_master = master.detach().clone().requires_grad_(true);
  for (const std::uint64_t seed : {4, 5}) {
    const at::Tensor x = normal({40, 32}, type(), seed);
    linear(linear(x, weight, {}), weight, {}).sum().backward();
    const at::Tensor w = free_master.to(type());
    at::linear(at::linear(x, w), w).sum().backward();
  }
  EXPECT_LT(distance(master.grad(), free_master.grad()), tolerance(type()));
}

TEST_P(WeightGradientForms, AMasterThatIsComputedHandsTheGradientOn) {
  const at::Tensor leaf = normal({32, 32}, at::kFloat, 3).requires_grad_(true);
  const at::Tensor master = leaf * 2;
  const at::Tensor x = normal({40, 32}, type(), 4);
  linear(x, {master, master.detach().to(type())}, {}).sum().backward();
  EXPECT_LT(distance(leaf.grad(), 2 * expected(at::ones({40, 32}), x)), tolerance(type()));
}

TEST_P(WeightGradientForms, AWeightThatIsNotTrainedGetsNone) {
  const at::Tensor master = normal({32, 32}, at::kFloat, 3);
  const at::Tensor x = normal({40, 32}, type(), 4).requires_grad_(true);
  linear(x, {master, master.to(type())}, {}).sum().backward();
  EXPECT_FALSE(master.grad().defined());
  EXPECT_TRUE(x.grad().defined());
}

}  // namespace
}  // namespace albert::ops::testing
