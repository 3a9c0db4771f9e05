#include "model/recompute.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace albert::model {
namespace {

TEST(Recompute, KeepsNothingOfTheFirstRunAndHasTheSameGradients) {
  const at::Tensor x = at::rand({3, 4}).requires_grad_(true), w = at::rand({4, 4}).requires_grad_(true);
  const at::Tensor unused = at::rand({2}).requires_grad_(true), frozen = at::rand({3, 4});
  int recorded_runs = 0, silent_runs = 0;
  const auto body = [&](const at::Tensor& input) {
    ++(at::GradMode::is_enabled() ? recorded_runs : silent_runs);
    return at::tanh(input.matmul(w)) * frozen;
  };
  const at::Tensor y = recompute(body, x, {w, unused, frozen});
  EXPECT_EQ(silent_runs, 1);
  EXPECT_EQ(recorded_runs, 0);
  y.square().sum().backward();
  EXPECT_EQ(silent_runs, 1);
  EXPECT_EQ(recorded_runs, 1);
  const at::Tensor x_gradient = x.grad().clone(), w_gradient = w.grad().clone();
  EXPECT_FALSE(unused.grad().defined());

  x.mutable_grad().reset();
  w.mutable_grad().reset();
  const at::Tensor plain = body(x);
  EXPECT_TRUE(plain.equal(y));
  plain.square().sum().backward();
  EXPECT_TRUE(x.grad().equal(x_gradient));
  EXPECT_TRUE(w.grad().equal(w_gradient));
}

TEST(Recompute, WorksWhereOnlyTheParametersAreTrained) {
  const at::Tensor x = at::rand({3, 4}), w = at::rand({4, 4}).requires_grad_(true);
  recompute([&](const at::Tensor& input) { return input.matmul(w); }, x, {w}).sum().backward();
  EXPECT_TRUE(w.grad().allclose(x.sum(0).unsqueeze(1).expand({4, 4})));
}

}  // namespace
}  // namespace albert::model
