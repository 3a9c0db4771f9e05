#include <ATen/Parallel.h>

#include "base/error.h"
#include "ops/compare.h"
#include "ops/fast.h"
#include "ops/plain.h"

namespace albert::ops::testing {
namespace {

constexpr Activation kActivations[] = {Activation::kGelu, Activation::kGeluTanh, Activation::kRelu};

using RowForms = FormsTest;
ALBERT_FOR_EVERY_FORM(RowForms);

template <typename Form>
Operation residual_norm(const Form& form, double probability) {
  return [&form, probability](const Inputs& in) {
    return form(in[0], in[1], {probability, 42, at::arange(in[0].size(0)) + 1000}, in[2], in[3], 1e-12);
  };
}

Inputs norm_inputs(std::int64_t rows, std::int64_t columns, at::ScalarType type) {
  return {normal({rows, columns}, type, 1), normal({rows, columns}, type, 2), normal({columns}, at::kFloat, 3) + 1,
          normal({columns}, at::kFloat, 4)};
}

TEST_P(RowForms, ResidualLayerNormAgrees) {
  for (const double probability : {0.0, 0.1}) {
    for (const std::int64_t columns : {5, 64, 129, 768}) {
      SCOPED_TRACE(columns);
      expect_equal(residual_norm(fast::residual_layer_norm, probability),
                   residual_norm(plain::residual_layer_norm, probability), norm_inputs(75, columns, type()));
    }
  }
}

TEST_P(RowForms, LayerNormAgrees) {
  const Inputs all = norm_inputs(40, 100, type());
  const auto apply = [](const auto& form) {
    return [&form](const Inputs& in) { return form(in[0], in[1], in[2], 1e-12); };
  };
  expect_equal(apply(ops::layer_norm), apply(plain::layer_norm), {all[0], all[2], all[3]});
}

TEST_P(RowForms, TheComparisonSeesAWrongGamma) {
  Inputs inputs = norm_inputs(75, 64, type());
  const Outcome right = outcome_of(residual_norm(plain::residual_layer_norm, 0.1), inputs);
  inputs[2][7] += 1;
  const Outcome wrong = outcome_of(residual_norm(fast::residual_layer_norm, 0.1), inputs);
  EXPECT_GT(distance(wrong.value, right.value), tolerance(type()));
  EXPECT_GT(distance(wrong.gradients[0], right.gradients[0]), tolerance(type()));
}

template <typename Form>
Operation activated(const Form& form, Activation activation, bool with_bias) {
  return [&form, activation, with_bias](const Inputs& in) {
    const Weight weight{in[1], in[1].detach().to(in[0].scalar_type())};
    return form(in[0], weight, with_bias ? in[2] : at::Tensor(), activation);
  };
}

TEST_P(RowForms, LinearActivationAgrees) {
  const Inputs inputs = {normal({70, 24}, type(), 1), normal({37, 24}, at::kFloat, 2) * 0.3,
                         normal({37}, at::kFloat, 3)};
  for (const Activation activation : kActivations) {
    for (const bool with_bias : {false, true}) {
      SCOPED_TRACE(static_cast<int>(activation));
      expect_equal(activated(fast::linear_activation, activation, with_bias),
                   activated(plain::linear_activation, activation, with_bias), inputs);
    }
  }
}

TEST_P(RowForms, LinearAgrees) {
  const Inputs inputs = {normal({70, 24}, type(), 1), normal({37, 24}, at::kFloat, 2) * 0.3,
                         normal({37}, at::kFloat, 3)};
  for (const bool with_bias : {false, true}) {
    const auto apply = [with_bias](const auto& form) {
      return [&form, with_bias](const Inputs& in) {
        return form(in[0], {in[1], in[1].detach().to(in[0].scalar_type())}, with_bias ? in[2] : at::Tensor());
      };
    };
    expect_equal(apply(ops::linear), apply(plain::linear), inputs);
  }
}

TEST_P(RowForms, CrossEntropyAgrees) {
  for (const std::int64_t columns : {2, 19, 1000}) {
    const at::Tensor labels = at::arange(33) % columns;
    expect_equal([&](const Inputs& in) { return fast::cross_entropy_sum(in[0], labels); },
                 [&](const Inputs& in) { return plain::cross_entropy_sum(in[0], labels); },
                 {normal({33, columns}, type(), 1) * 5});
  }
}

TEST_P(RowForms, WeightedAndSmoothedCrossEntropyAgrees) {
  for (const std::int64_t columns : {2, 19, 1000}) {
    const at::Tensor labels = at::arange(33) % columns;
    const at::Tensor weights = normal({columns}, at::kFloat, 2).abs() + 0.1;
    for (const CrossEntropyOptions& options :
         {CrossEntropyOptions{weights, 0}, CrossEntropyOptions{{}, 0.1}, CrossEntropyOptions{weights, 0.3}}) {
      SCOPED_TRACE(fmt::format("{} classes, smoothing {}", columns, options.label_smoothing));
      expect_equal([&](const Inputs& in) { return fast::cross_entropy_sum(in[0], labels, options); },
                   [&](const Inputs& in) { return plain::cross_entropy_sum(in[0], labels, options); },
                   {normal({33, columns}, type(), 1) * 5});
    }
  }
}

TEST_P(RowForms, RepeatExactlyOnAnyNumberOfThreads) {
  const Inputs inputs = norm_inputs(200, 96, type());
  const Inputs product = {normal({200, 24}, type(), 1), normal({37, 24}, at::kFloat, 2), normal({37}, at::kFloat, 3)};
  const Operation norm = residual_norm(fast::residual_layer_norm, 0.1);
  const Operation gelu = activated(fast::linear_activation, Activation::kGelu, true);
  const Outcome first_norm = outcome_of(norm, inputs), first_gelu = outcome_of(gelu, product);
  expect_identical(outcome_of(norm, inputs), first_norm);
  expect_identical(outcome_of(gelu, product), first_gelu);
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  expect_identical(outcome_of(norm, inputs), first_norm);
  at::set_num_threads(threads);
}

TEST_P(RowForms, NoRowsAtAll) {
  const at::Tensor logits = at::empty({0, 9}, type()).requires_grad_(true);
  const at::Tensor loss = cross_entropy_sum(logits, at::empty({0}, at::kLong));
  EXPECT_EQ(loss.item<float>(), 0);
  loss.backward();
  EXPECT_EQ(logits.grad().size(0), 0);
  const Outcome norm = outcome_of(residual_norm(fast::residual_layer_norm, 0.1), norm_inputs(0, 16, type()));
  EXPECT_EQ(norm.gradients[2].abs().sum().item<float>(), 0);
  const Inputs product = {at::empty({0, 24}, type()), normal({37, 24}, at::kFloat, 2), normal({37}, at::kFloat, 3)};
  EXPECT_EQ(outcome_of(activated(fast::linear_activation, Activation::kGelu, true), product).value.size(0), 0);
}

TEST_P(RowForms, InferenceGivesTheSameValues) {
  const Inputs product = {normal({70, 24}, type(), 1), normal({37, 24}, at::kFloat, 2), normal({37}, at::kFloat, 3)};
  const Operation gelu = activated(fast::linear_activation, Activation::kGelu, true);
  const Outcome training = outcome_of(gelu, product);
  const at::NoGradGuard no_gradient;
  const at::Tensor value = gelu(product);
  EXPECT_TRUE(at::equal(value, training.value));
  EXPECT_EQ(value.grad_fn(), nullptr);
}

TEST(RowOps, PlainGradientsAreSlopes) {
  expect_gradient_is_slope(residual_norm(plain::residual_layer_norm, 0.0), norm_inputs(9, 20, at::kFloat));
  expect_gradient_is_slope(residual_norm(plain::residual_layer_norm, 0.2), norm_inputs(9, 20, at::kFloat));
  const Inputs product = {normal({9, 24}, at::kFloat, 1), normal({7, 24}, at::kFloat, 2) * 0.3,
                          normal({7}, at::kFloat, 3)};
  for (const Activation activation : kActivations)
    expect_gradient_is_slope(activated(plain::linear_activation, activation, true), product);
  const at::Tensor labels = at::arange(9) % 7;
  expect_gradient_is_slope([&](const Inputs& in) { return plain::cross_entropy_sum(in[0], labels); },
                           {normal({9, 7}, at::kFloat, 1)});
  const CrossEntropyOptions options{normal({7}, at::kFloat, 2).abs(), 0.2};
  expect_gradient_is_slope([&](const Inputs& in) { return plain::cross_entropy_sum(in[0], labels, options); },
                           {normal({9, 7}, at::kFloat, 1)});
  const Dropout site{0.3, 5, at::arange(9)};
  expect_gradient_is_slope([&](const Inputs& in) { return plain::dropout(in[0], site); },
                           {normal({9, 7}, at::kFloat, 1)});
  const at::Tensor ids = at::tensor({1, 3, 1, 0, 1}, at::kLong);
  expect_gradient_is_slope([&](const Inputs& in) { return ops::embedding(in[0], ids); },
                           {normal({4, 6}, at::kFloat, 1)});
  expect_gradient_is_slope([&](const Inputs& in) { return select_rows(in[0], ids); }, {normal({4, 6}, at::kFloat, 1)});
}

TEST(RowOps, GradientOfASharedWeightIsSummedInFloat32) {
  // 256 + 1 is no bfloat16 number: summed in bfloat16, the second layer's gradient would be lost.
  const at::Tensor master = at::ones({1, 1}).requires_grad_(true);
  const Weight weight{master, master.detach().to(at::kBFloat16)};
  const at::Tensor large = at::full({1, 1}, 256, at::kBFloat16), small = at::ones({1, 1}, at::kBFloat16);
  (linear(large, weight, {}).to(at::kFloat) + linear(small, weight, {}).to(at::kFloat)).sum().backward();
  EXPECT_EQ(master.grad().item<float>(), 257);
}

TEST(RowOps, ActivationsStayExactFarOut) {
  const at::Tensor x = at::linspace(-12, 12, 4001).view({-1, 1});
  const Weight one{at::ones({1, 1}), at::ones({1, 1})};
  const at::Tensor wide = x.to(at::kDouble);
  const auto largest_error = [&](Activation activation, const char* name) {
    return (fast::linear_activation(x, one, {}, activation).to(at::kDouble) - at::gelu(wide, name))
        .abs()
        .max()
        .item<double>();
  };
  EXPECT_LT(largest_error(Activation::kGelu, "none"), 1e-6);
  EXPECT_LT(largest_error(Activation::kGeluTanh, "tanh"), 2e-6);
}

TEST(RowOps, WeightsAndSmoothingAreThoseOfPyTorch) {
  const at::Tensor logits = normal({9, 7}, at::kFloat, 1) * 3, weights = normal({7}, at::kFloat, 2).abs();
  const at::Tensor labels = at::arange(9) % 7;
  for (const double smoothing : {0.0, 0.1}) {
    for (const at::Tensor& weight : {at::Tensor(), weights}) {
      const auto expected =
          at::cross_entropy_loss(logits, labels, weight, at::Reduction::Sum, -100, smoothing).item<double>();
      EXPECT_NEAR(cross_entropy_sum(logits, labels, {weight, smoothing}).item<double>(), expected, 1e-5 * expected);
    }
  }
  EXPECT_THROW(cross_entropy_sum(logits, labels, {weights.slice(0, 1), 0}), InternalError);
}

TEST(RowOps, ALabelOutsideTheVocabularyIsRefused) {
  const at::Tensor logits = normal({2, 5}, at::kFloat, 1);
  EXPECT_THROW(cross_entropy_sum(logits, at::tensor({1, 5}, at::kLong)), InternalError);
  EXPECT_THROW(cross_entropy_sum(logits, at::tensor({-1, 2}, at::kLong)), InternalError);
}

TEST(Threads, AreReallyUsed) {
  if (at::get_num_threads() < 2) GTEST_SKIP() << "LibTorch runs on one thread here";
  std::vector<int> thread(2, -1);
  at::parallel_for(0, 2, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) thread[static_cast<std::size_t>(i)] = at::get_thread_num();
  });
  EXPECT_EQ(thread, (std::vector<int>{0, 1}));
}

}  // namespace
}  // namespace albert::ops::testing
