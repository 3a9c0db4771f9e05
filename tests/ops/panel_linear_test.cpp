#include "ops/panel_linear.h"

#include <limits>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include "base/error.h"
#include "ops/compare.h"
#include "ops/plain.h"

namespace albert::ops::testing {
namespace {

using PanelForms = FormsTest;
ALBERT_FOR_EVERY_FORM(PanelForms);

/// What the bytes stand for, in float64.
at::Tensor restored(const Int8Rows& x) {
  const at::Tensor bytes = x.bytes.slice(1, 0, x.columns).to(at::kDouble);
  return (bytes - x.zeros.unsqueeze(1)) * x.scales.to(at::kDouble).unsqueeze(1);  // [R, in]
}

/// The elements of panels in their places.
at::Tensor as_matrix(const Panels& w) {
  const at::Tensor& e = w.elements;
  return e.permute({0, 2, 1, 3}).reshape({e.size(0) * e.size(2), e.size(1) * e.size(3)}).to(at::kDouble);
}

at::Tensor restored(const Panels& w) {
  return (as_matrix(w) * w.scales.to(at::kDouble).unsqueeze(1)).slice(0, 0, w.out).slice(1, 0, w.in);  // [out, in]
}

at::Tensor expected(const Int8Rows& x, const Panels& w, const at::Tensor& bias) {
  return at::mm(restored(x), restored(w).t()) + bias.to(at::kDouble);  // [R, out]
}

/// A result is rounded once, to the type of the activations.
double rounding(at::ScalarType type) {
  return type == at::kFloat ? 1e-6 : 4e-3;
}

TEST_P(PanelForms, RowsAreRoundedToTheNearestOf256Steps) {
  for (const std::int64_t columns : {1, 15, 64, 100, 768}) {
    const at::Tensor x = normal({37, columns}, type(), 1) * at::arange(37).unsqueeze(1).to(type());  // row 0 is zero
    const Int8Rows rows = round_rows(x);
    const at::Tensor error = (restored(rows) - x.to(at::kDouble)).abs();
    const at::Tensor half = rows.scales.to(at::kDouble).unsqueeze(1) * 0.5001;
    EXPECT_TRUE((error <= half).all().item<bool>()) << columns;
    const at::Tensor span = x.to(at::kFloat).amax(1).clamp_min(0) - x.to(at::kFloat).amin(1).clamp_max(0);
    EXPECT_TRUE(at::allclose(rows.scales, span / 255)) << columns;
  }
}

TEST_P(PanelForms, WeightsHave255StepsForEachOutput) {
  const at::Tensor weight = normal({70, 100}, at::kFloat, 2) * at::arange(70).unsqueeze(1);  // output 0 is zero
  const Panels rounded = make_int8_panels(weight);
  const at::Tensor error = (restored(rounded) - weight).abs();
  EXPECT_TRUE((error <= rounded.scales.slice(0, 0, 70).unsqueeze(1) * 0.5001).all().item<bool>());
}

TEST_P(PanelForms, AProductOfBytesIsThatOfTheRoundedMatrices) {
  for (const std::int64_t rows : {0, 1, 6, 16, 31, 32, 75, 400}) {
    for (const auto& [in, out] : {std::pair<std::int64_t, std::int64_t>{768, 192}, {100, 70}, {3, 1}, {64, 64}}) {
      SCOPED_TRACE(fmt::format("[{}, {}] to {}", rows, in, out));
      const Int8Rows x = round_rows(normal({rows, in}, type(), 3) + 0.3);
      const Panels w = make_int8_panels(normal({out, in}, at::kFloat, 4) * 0.1);
      const at::Tensor bias = normal({out}, at::kFloat, 5);
      const at::Tensor product = int8_linear(x, w, bias);
      EXPECT_EQ(product.scalar_type(), type());
      EXPECT_LT(distance(product.to(at::kDouble), expected(x, w, bias)), rounding(type()));
    }
  }
}

TEST_P(PanelForms, TheActivationIsAppliedToTheProduct) {
  const Int8Rows x = round_rows(normal({45, 128}, type(), 3));
  const Panels w = make_int8_panels(normal({70, 128}, at::kFloat, 4) * 0.1);
  const at::Tensor bias = normal({70}, at::kFloat, 5);
  const at::Tensor product = expected(x, w, bias);
  const auto result = [&](Activation activation) { return int8_linear(x, w, bias, activation).to(at::kDouble); };
  EXPECT_LT(distance(result(Activation::kRelu), at::relu(product)), rounding(type()));
  EXPECT_LT(distance(result(Activation::kGelu), at::gelu(product)), rounding(type()));
  EXPECT_LT(distance(result(Activation::kGeluTanh), at::gelu(product, "tanh")), rounding(type()));
}

TEST_P(PanelForms, TheComparisonSeesAWrongByte) {
  const Int8Rows x = round_rows(normal({45, 128}, type(), 3));
  const Panels w = make_int8_panels(normal({70, 128}, at::kFloat, 4) * 0.1);
  const at::Tensor right = expected(x, w, at::zeros({70}));
  w.elements[0][3][5][1] += 64;
  EXPECT_GT(distance(int8_linear(x, w, {}).to(at::kDouble), right), rounding(type()));
}

TEST_P(PanelForms, ARowThatIsNotFiniteGivesNoNumbers) {
  const at::Tensor x = normal({3, 64}, type(), 3);
  x[1][5] = std::numeric_limits<double>::infinity();
  x[2].fill_(std::numeric_limits<double>::quiet_NaN());
  const at::Tensor product = int8_linear(round_rows(x), make_int8_panels(normal({7, 64}, at::kFloat, 4)), {});
  EXPECT_TRUE(product[0].isfinite().all().item<bool>());
  EXPECT_TRUE(product.slice(0, 1).isnan().all().item<bool>());
}

TEST_P(PanelForms, TheLargestSumsOfBytesFit) {
  const std::int64_t in = 65'000;
  const Int8Rows x = round_rows(at::ones({2, in}, at::TensorOptions(type())));
  const Panels w = make_int8_panels(at::ones({1, in}) * -1);
  EXPECT_NEAR(int8_linear(x, w, {})[0].item<double>() / static_cast<double>(in), -1, 0.01);
  EXPECT_THROW(make_int8_panels(at::ones({1, 70'000})), InternalError);
}

TEST_P(PanelForms, AProductIsThatOfTheMatrices) {
  if (!has_panels(type(), 64)) GTEST_SKIP() << "this instruction set multiplies no bfloat16";
  for (const std::int64_t rows : {0, 1, 6, 16, 31, 32, 75, 400}) {
    for (const auto& [in, out] : {std::pair<std::int64_t, std::int64_t>{768, 192}, {96, 70}, {32, 1}, {64, 64}}) {
      SCOPED_TRACE(fmt::format("[{}, {}] to {}", rows, in, out));
      const at::Tensor wide = normal({rows, in + 32}, type(), 3);
      const at::Tensor weight = normal({out, in}, at::kFloat, 4) * 0.1, bias = normal({out}, at::kFloat, 5);
      for (const at::Tensor& x : {wide.slice(1, 0, in), wide.slice(1, 0, in).contiguous()}) {
        const at::Tensor product = panel_linear(x, make_panels(weight, type()), bias);
        EXPECT_EQ(product.scalar_type(), type());
        const at::Tensor right = at::mm(x.to(at::kDouble), weight.to(type()).to(at::kDouble).t()) + bias;
        EXPECT_LT(distance(product.to(at::kDouble), right), rounding(type()));
      }
    }
  }
}

TEST(PanelLinear, AnyNumberOfInputsIsTakenInFloat32) {
  const at::Tensor x = normal({9, 37}, at::kFloat, 1), weight = normal({5, 37}, at::kFloat, 2);
  EXPECT_LT(distance(panel_linear(x, make_panels(weight, at::kFloat), {}), at::mm(x, weight.t())), 1e-6);
  EXPECT_FALSE(has_panels(at::kBFloat16, 37));
}

/// What a row gives does not depend on the rows beside it, nor on the number of threads.
TEST_P(PanelForms, ARowGivesTheSameAloneAndAmongOthers) {
  const at::Tensor x = normal({500, 256}, type(), 3);
  const at::Tensor weight = normal({130, 256}, at::kFloat, 4), bias = normal({130}, at::kFloat, 5);
  const Panels bytes = make_int8_panels(weight);
  const bool has_others = has_panels(type(), 256);
  const Panels panels = has_others ? make_panels(weight, type()) : Panels();
  const auto in_int8 = [&](const at::Tensor& rows) {
    return int8_linear(round_rows(rows), bytes, bias, Activation::kGelu);
  };
  const auto in_type = [&](const at::Tensor& rows) { return panel_linear(rows, panels, bias); };
  const at::Tensor all_int8 = in_int8(x), all = has_others ? in_type(x) : at::Tensor();
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  for (const std::int64_t row : {0, 31, 32, 250, 499}) {
    const at::Tensor alone = x.slice(0, row, row + 1);
    EXPECT_TRUE(at::equal(in_int8(alone)[0], all_int8[row])) << row;
    if (!has_others) continue;
    EXPECT_TRUE(at::equal(in_type(alone)[0], all[row])) << row;
  }
  at::set_num_threads(threads);
}

/// A layer with the panels that training makes for it, beside one without.
struct TrainedLayer {
  at::Tensor master, bias;
  Weight weight;

  TrainedLayer(std::int64_t out, std::int64_t in, bool has_panels)
      : master((normal({out, in}, at::kFloat, 3) * 0.1).requires_grad_(true)),
        bias(normal({out}, at::kFloat, 4).requires_grad_(true)) {
    const at::Tensor copy = master.detach().to(at::kBFloat16);
    weight = {master, copy, has_panels ? make_training_panels(copy) : nullptr};
  }

  /// {y, dx, dW, db}
  std::vector<at::Tensor> pass(std::int64_t rows, bool activates) const {
    const at::Tensor x = normal({rows, master.size(1)}, at::kBFloat16, 5).requires_grad_(true);
    const at::Tensor y =
        activates ? linear_activation(x, weight, bias, Activation::kGeluTanh) : linear(x, weight, bias);
    (y * normal(y.sizes(), at::kBFloat16, 6)).sum().backward();
    return {y.detach(), x.grad(), master.grad(), bias.grad()};
  }
};

TEST(TrainingPanels, ALayerIsTheSameWithThem) {
  if (kernels::best_instruction_set() != kernels::InstructionSet::kAmx) GTEST_SKIP() << "this processor has no AMX";
  for (const bool activates : {false, true}) {
    for (const auto& [out, in] : {std::pair{64, 32}, std::pair{96, 160}, std::pair{70, 64}, std::pair{160, 48}}) {
      for (const std::int64_t rows : {0, 1, 31, 200}) {
        const auto with = TrainedLayer(out, in, true).pass(rows, activates);
        const auto without = TrainedLayer(out, in, false).pass(rows, activates);
        for (std::size_t i = 0; i < with.size(); ++i)
          EXPECT_LT(distance(with[i], without[i]), tolerance(at::kBFloat16))
              << i << ": " << rows << " rows, " << out << " x " << in;
      }
    }
  }
}

TEST(TrainingPanels, AreWithoutElementsWhereSizesDoNotFit) {
  if (kernels::best_instruction_set() != kernels::InstructionSet::kAmx) GTEST_SKIP() << "this processor has no AMX";
  const auto panels = make_training_panels(normal({70, 64}, at::kBFloat16, 1));
  EXPECT_TRUE(panels->forward.elements.defined());
  EXPECT_FALSE(panels->backward.elements.defined());
}

TEST(TrainingPanels, OtherTypesHaveNone) {
  EXPECT_EQ(make_training_panels(normal({64, 64}, at::kFloat, 1)), nullptr);
}

}  // namespace
}  // namespace albert::ops::testing
