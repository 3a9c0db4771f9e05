#include "optim/update.h"

#include <atomic>
#include <functional>
#include <limits>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

namespace albert::optim {
namespace {

UpdateTensors make_tensors(std::int64_t size) {
  const at::Tensor i = at::arange(size, at::kDouble);
  return {.weight = (i * 0.7 + 0.5).sin().mul(0.05).to(at::kFloat),
          .gradient = (i * 1.3 + 1).sin().mul(0.01).to(at::kFloat),
          .exp_avg = (i * 2.1 + 2).sin().mul(0.005).to(at::kFloat),
          .exp_avg_sq = (i * 0.3 + 3).sin().square().mul(1e-5).to(at::kFloat)};
}

double relative_error(const at::Tensor& x, const at::Tensor& y) {
  return ((x - y).norm() / y.norm()).item<double>();
}

UpdateRule make_rule(bool adapted, double clip_update = 0) {
  return {.learning_rate = 0.01,
          .gradient_scale = 0.3,
          .beta1 = 0.9,
          .beta2 = 0.999,
          .epsilon = 1e-6,
          .step = 7,
          .weight_decay = 0.01,
          .clip_update = clip_update,
          .adapted = adapted};
}

/// Sizes around the tile (512) and the block (16384) of the kernel.
class Sizes : public ::testing::TestWithParam<std::int64_t> {};

TEST_P(Sizes, BothFormsAgree) {
  for (const UpdateRule& rule : {make_rule(false), make_rule(true), make_rule(false, 0.01)}) {
    const UpdateTensors plain = make_tensors(GetParam());
    const UpdateTensors fast = make_tensors(GetParam());
    plain::update({plain}, rule);
    fast::update(fast, rule);
    EXPECT_LT(relative_error(fast.weight, plain.weight), 3e-7);
    EXPECT_LT(relative_error(fast.exp_avg, plain.exp_avg), 3e-7);
    EXPECT_LT(relative_error(fast.exp_avg_sq, plain.exp_avg_sq), 3e-7);

    UpdateRule perturbed = rule;
    perturbed.learning_rate = 0.0101;
    const UpdateTensors other = make_tensors(GetParam());
    fast::update(other, perturbed);
    EXPECT_GT(relative_error(other.weight, fast.weight), 3e-7);
  }
}

TEST_P(Sizes, SumsAgree) {
  const at::Tensor x = make_tensors(GetParam()).weight;
  EXPECT_NEAR(fast::sum_of_squares(x) / plain::sum_of_squares({x}).item<double>(), 1.0, 1e-12);
}

TEST(Update, SumsOfBothFormsAreAdded) {
  const at::Tensor fast = at::full({3}, 2.0);
  const at::Tensor plain = at::full({2, 2}, 3.0).select(1, 0);  // not contiguous
  EXPECT_DOUBLE_EQ(sum_of_squares({fast, plain, plain}).item<double>(), 12.0 + 18.0 + 18.0);
  EXPECT_EQ(sum_of_squares({}).item<double>(), 0);
}

INSTANTIATE_TEST_SUITE_P(All, Sizes, ::testing::Values(1, 7, 8, 511, 512, 513, 16383, 16384, 16385, 100'003));

TEST(Update, OnCudaEqualsTheProcessor) {
  if (!at::hasCUDA()) GTEST_SKIP() << "there is no CUDA device, or no CUDA build of LibTorch";
  for (const bool adapted : {false, true}) {
    const UpdateTensors host = make_tensors(100'003);
    const UpdateTensors device = {.weight = host.weight.cuda(),
                                  .gradient = host.gradient.cuda(),
                                  .exp_avg = host.exp_avg.cuda(),
                                  .exp_avg_sq = host.exp_avg_sq.cuda()};
    const auto both = sum_of_squares({device.gradient, host.gradient}).item<double>();
    EXPECT_NEAR(both / sum_of_squares({host.gradient}).item<double>(), 2.0, 1e-12);
    update({host}, make_rule(adapted));
    update({device}, make_rule(adapted));
    EXPECT_LT(relative_error(device.weight.cpu(), host.weight), 3e-7);
    EXPECT_LT(relative_error(device.exp_avg_sq.cpu(), host.exp_avg_sq), 3e-7);
  }
}

TEST(Update, ManyAtOnceAreAsOneByOne) {
  for (const UpdateRule& rule : {make_rule(false), make_rule(true), make_rule(false, 0.01)}) {
    const std::vector<UpdateTensors> together = {make_tensors(1000), make_tensors(7), make_tensors(300)};
    plain::update(together, rule);
    for (const UpdateTensors& one : together) {
      const UpdateTensors alone = make_tensors(one.weight.numel());
      plain::update({alone}, rule);
      EXPECT_TRUE(at::equal(one.weight, alone.weight));
    }
  }
}

/// What GPUs take for AdamW; LibTorch has it for the CPU, too.
// What is made of a weight, as its copy in bfloat16, is made anew when its version has changed. Not contiguous: the plain form is taken.
TEST(Update, IsSeenByWhatIsMadeOfTheWeights) {
  UpdateTensors apart = make_tensors(8);
  apart.gradient = at::stack({apart.gradient, apart.gradient}, 1).select(1, 0);
  const std::vector<UpdateTensors> parameters = {make_tensors(1000), apart};
  for (const UpdateTensors& tensors : parameters) ASSERT_EQ(tensors.weight._version(), 0);
  const at::Tensor before = apart.weight.clone();
  update(parameters, make_rule(false));
  for (const UpdateTensors& tensors : parameters) EXPECT_GT(tensors.weight._version(), 0);
  EXPECT_FALSE(apart.weight.equal(before));
}

TEST(Update, LibTorchsAdamWIsTheSameRule) {
  for (const double step : {7.0, std::numeric_limits<double>::infinity()}) {
    for (const double scale : {0.3, 1.0}) {
      UpdateRule rule = make_rule(false);
      rule.step = step;
      rule.gradient_scale = scale;
      const std::vector<UpdateTensors> plain = {make_tensors(1000), make_tensors(7)};
      const std::vector<UpdateTensors> fused = {make_tensors(1000), make_tensors(7)};
      plain::update(plain, rule);
      plain::update_by_adamw(fused, rule);
      for (std::size_t i = 0; i < plain.size(); ++i) {
        EXPECT_LT(relative_error(fused[i].weight, plain[i].weight), 1e-6);
        EXPECT_LT(relative_error(fused[i].exp_avg, plain[i].exp_avg), 1e-6);
        EXPECT_LT(relative_error(fused[i].exp_avg_sq, plain[i].exp_avg_sq), 1e-6);
      }
    }
  }
}

TEST(Update, UsesSeveralThreads) {
  // Without -fopenmp at::parallel_for would run everything on one.
  const int before = at::get_num_threads();
  at::set_num_threads(2);
  std::atomic<int> threads = 0;
  at::parallel_for(0, 2, 1, [&](std::int64_t, std::int64_t) { ++threads; });
  at::set_num_threads(before);
  EXPECT_EQ(threads, 2);
}

TEST(Update, AZeroNormMeansARatioOfOne) {
  UpdateRule rule = make_rule(true);
  rule.weight_decay = 0;
  const auto update_plainly = [](const UpdateTensors& tensors, const UpdateRule& by) { plain::update({tensors}, by); };
  using Form = std::function<void(const UpdateTensors&, const UpdateRule&)>;
  for (const Form& form : {Form(update_plainly), Form(fast::update)}) {
    const UpdateTensors tensors = make_tensors(1000);
    tensors.weight.zero_();
    form(tensors, rule);
    EXPECT_GT(tensors.weight.norm().item<float>(), 0) << "a weight of zeros must be able to leave zero";
    const UpdateTensors still = make_tensors(1000);
    const at::Tensor before = still.weight.clone();
    still.gradient.zero_();
    still.exp_avg.zero_();
    form(still, rule);
    EXPECT_TRUE(at::equal(still.weight, before));
  }
}

}  // namespace
}  // namespace albert::optim
