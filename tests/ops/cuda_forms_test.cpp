#include <cmath>

#include "base/error.h"
#include "ops/compare.h"
#include "ops/cuda/forms.h"
#include "ops/cuda_on_host.h"
#include "ops/dropout_mask.h"
#include "ops/plain.h"

/// The forms for GPUs with the bodies of their kernels run by the CPU, beside the plain ones.
namespace albert::ops::testing {
namespace {

class CudaForms : public ::testing::TestWithParam<at::ScalarType> {
 protected:
  void SetUp() override { cuda::use_kernels(&kernels_on_host()); }
  void TearDown() override { cuda::use_kernels(cuda::device_kernels()); }
  at::ScalarType type() const { return GetParam(); }
};

std::string type_name(const ::testing::TestParamInfo<at::ScalarType>& info) {
  return info.param == at::kFloat ? "Float32" : "Bfloat16";
}

INSTANTIATE_TEST_SUITE_P(Types, CudaForms, ::testing::Values(at::kFloat, at::kBFloat16), type_name);

template <typename Form>
Operation residual_norm(const Form& form, double probability, bool has_residual = true) {
  return [&form, probability, has_residual](const Inputs& in) {
    const Dropout site{probability, 42, at::arange(in[0].size(0)) + (std::int64_t{5} << 33)};
    return form(in[0], has_residual ? in[1] : at::Tensor(), site, in[2], in[3], 1e-12);
  };
}

Inputs norm_inputs(std::int64_t rows, std::int64_t columns, at::ScalarType type) {
  return {normal({rows, columns}, type, 1), normal({rows, columns}, type, 2), normal({columns}, at::kFloat, 3) + 1,
          normal({columns}, at::kFloat, 4)};
}

TEST_P(CudaForms, ResidualLayerNormAgrees) {
  for (const double probability : {0.0, 0.1}) {
    for (const auto& [rows, columns] : {std::pair{3, 5}, {40, 64}, {17, 129}, {9, 768}}) {
      SCOPED_TRACE(fmt::format("{} columns, dropout {}", columns, probability));
      expect_equal(residual_norm(cuda::residual_layer_norm, probability),
                   residual_norm(plain::residual_layer_norm, probability), norm_inputs(rows, columns, type()));
    }
  }
  const Inputs alone = norm_inputs(20, 100, type());
  expect_equal(residual_norm(cuda::residual_layer_norm, 0, false), residual_norm(plain::residual_layer_norm, 0, false),
               alone);
}

TEST_P(CudaForms, TheComparisonSeesAWrongGamma) {
  Inputs inputs = norm_inputs(20, 64, type());
  const Outcome right = outcome_of(residual_norm(plain::residual_layer_norm, 0.1), inputs);
  inputs[2][7] += 1;
  const Outcome wrong = outcome_of(residual_norm(cuda::residual_layer_norm, 0.1), inputs);
  EXPECT_GT(distance(wrong.value, right.value), tolerance(type()));
  EXPECT_GT(distance(wrong.gradients[0], right.gradients[0]), tolerance(type()));
}

TEST_P(CudaForms, DropoutDropsTheSame) {
  const Dropout site{0.3, 0x123456789abcdef, at::arange(30) * 77 + (std::int64_t{3} << 33)};
  for (const std::int64_t columns : {7, 128, 300}) {
    expect_equal([&](const Inputs& in) { return cuda::dropout(in[0], site); },
                 [&](const Inputs& in) { return plain::dropout(in[0], site); }, {normal({30, columns}, type(), 1)});
  }
}

template <typename Form>
Operation activated(const Form& form, Activation activation, bool has_bias) {
  return [&form, activation, has_bias](const Inputs& in) {
    const Weight weight{in[1], in[1].detach().to(in[0].scalar_type())};
    return form(in[0], weight, has_bias ? in[2] : at::Tensor(), activation);
  };
}

TEST_P(CudaForms, LinearActivationAgrees) {
  for (const std::int64_t columns : {37, 40}) {  // one by one, and eight at once
    const Inputs inputs = {normal({70, 24}, type(), 1), normal({columns, 24}, at::kFloat, 2) * 0.3,
                           normal({columns}, at::kFloat, 3)};
    for (const Activation activation : {Activation::kGelu, Activation::kGeluTanh, Activation::kRelu}) {
      for (const bool has_bias : {false, true}) {
        SCOPED_TRACE(fmt::format("activation {}, {} columns", static_cast<int>(activation), columns));
        expect_equal(activated(cuda::linear_activation, activation, has_bias),
                     activated(plain::linear_activation, activation, has_bias), inputs);
      }
    }
  }
}

TEST_P(CudaForms, PredictionGivesTheSameValues) {
  const Inputs inputs = {normal({70, 24}, type(), 1), normal({40, 24}, at::kFloat, 2), normal({40}, at::kFloat, 3)};
  const Operation gelu = activated(cuda::linear_activation, Activation::kGelu, true);
  const Outcome training = outcome_of(gelu, inputs);
  const at::NoGradGuard no_gradient;
  EXPECT_TRUE(at::equal(gelu(inputs), training.value));
}

TEST_P(CudaForms, CrossEntropyAgrees) {
  for (const std::int64_t columns : {2, 19, 1000}) {
    const at::Tensor labels = at::arange(33) % columns;
    const at::Tensor weights = normal({columns}, at::kFloat, 2).abs() + 0.1;
    for (const CrossEntropyOptions& options : {CrossEntropyOptions{}, CrossEntropyOptions{weights, 0},
                                               CrossEntropyOptions{{}, 0.1}, CrossEntropyOptions{weights, 0.3}}) {
      SCOPED_TRACE(fmt::format("{} classes, smoothing {}", columns, options.label_smoothing));
      expect_equal([&](const Inputs& in) { return cuda::cross_entropy_sum(in[0], labels, options); },
                   [&](const Inputs& in) { return plain::cross_entropy_sum(in[0], labels, options); },
                   {normal({33, columns}, type(), 1) * 5});
    }
  }
}

TEST_P(CudaForms, ScoresThatNoClassMayHaveAreNoNumbersLess) {
  at::Tensor logits = normal({3, 16}, type(), 1);
  logits.slice(1, 5) = -1e30;
  const at::Tensor labels = at::tensor({0, 4, 2}, at::kLong);
  expect_equal([&](const Inputs& in) { return cuda::cross_entropy_sum(in[0], labels); },
               [&](const Inputs& in) { return plain::cross_entropy_sum(in[0], labels); }, {logits});
}

TEST_P(CudaForms, ALabelOutsideTheVocabularyIsNotHidden) {
  const at::Tensor logits = normal({2, 5}, type(), 1);
  for (const std::int64_t label : {-1, 5}) {
    const at::Tensor loss = cuda::cross_entropy_sum(logits, at::tensor({std::int64_t{1}, label}, at::kLong));
    EXPECT_TRUE(std::isnan(loss.item<float>()));
  }
  EXPECT_THROW(cuda::cross_entropy_sum(logits, at::tensor({1}, at::kLong)), InternalError);
}

TEST_P(CudaForms, NotANumberIsNotHidden) {
  at::Tensor logits = normal({4, 80}, type(), 1);
  logits[2][41] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isnan(cuda::cross_entropy_sum(logits, at::zeros({4}, at::kLong)).item<float>()));
}

TEST_P(CudaForms, NoRowsAtAll) {
  const at::Tensor logits = at::empty({0, 9}, type()).requires_grad_(true);
  const at::Tensor loss = cuda::cross_entropy_sum(logits, at::empty({0}, at::kLong));
  EXPECT_EQ(loss.item<float>(), 0);
  loss.backward();
  const Outcome norm = outcome_of(residual_norm(cuda::residual_layer_norm, 0.1), norm_inputs(0, 16, type()));
  EXPECT_EQ(norm.gradients[2].abs().sum().item<float>(), 0);
  const Inputs product = {at::empty({0, 24}, type()), normal({40, 24}, at::kFloat, 2), normal({40}, at::kFloat, 3)};
  EXPECT_EQ(outcome_of(activated(cuda::linear_activation, Activation::kGelu, true), product).value.size(0), 0);
}

TEST_P(CudaForms, WithoutKernelsLibTorchServes) {
  cuda::use_kernels(nullptr);
  const Inputs inputs = norm_inputs(20, 64, type());
  expect_identical(outcome_of(residual_norm(cuda::residual_layer_norm, 0.1), inputs),
                   outcome_of(residual_norm(plain::residual_layer_norm, 0.1), inputs));
}

}  // namespace
}  // namespace albert::ops::testing
