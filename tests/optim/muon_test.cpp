#include "optim/muon.h"

#include <numbers>
#include <tuple>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "optim/optimizer.h"

namespace albert::optim {
namespace {

at::Tensor wave(std::int64_t rows, std::int64_t columns, double phase) {
  return at::sin(at::arange(rows * columns, at::kDouble).square() * std::numbers::phi + phase)
      .view({rows, columns})
      .to(at::kFloat);
}

/// In float64, without a word in common with the library.
at::Tensor orthogonal_part(const at::Tensor& matrix) {
  const auto [left, values, right] = at::linalg_svd(matrix.to(at::kDouble), /*full_matrices=*/false);
  return at::matmul(left, right);
}

class Shapes : public ::testing::TestWithParam<std::tuple<std::int64_t, std::int64_t, bool>> {};

TEST_P(Shapes, SingularValuesBecomeAboutOneAndTheirVectorsStay) {
  const auto& [rows, columns, in_bfloat16] = GetParam();
  const at::Tensor sizes = at::pow(0.9, at::arange(rows).to(at::kFloat)).clamp_min(0.05).unsqueeze(1);
  const at::Tensor matrix = wave(rows, columns, 0.4) * sizes;
  const at::Tensor found = orthogonalised(matrix * 1e-4, in_bfloat16);  // of any size
  ASSERT_EQ(found.sizes(), matrix.sizes());
  EXPECT_EQ(found.scalar_type(), at::kFloat);
  const at::Tensor values = at::linalg_svdvals(found.to(at::kDouble));
  EXPECT_LT(values.max().item<double>(), 1.3);
  EXPECT_GT(values.median().item<double>(), 0.6);
  const at::Tensor expected = orthogonal_part(matrix);
  const auto cosine = ((found * expected).sum() / (found.norm() * expected.norm())).item<double>();
  EXPECT_GT(cosine, 0.97);
  const auto of_itself = ((matrix * expected).sum() / (matrix.norm() * expected.norm())).item<double>();
  EXPECT_LT(of_itself, 0.8) << "or the iteration were not seen by this test";
}

INSTANTIATE_TEST_SUITE_P(All, Shapes,
                         ::testing::Values(std::tuple(64, 64, false), std::tuple(48, 192, false),
                                           std::tuple(192, 48, false), std::tuple(48, 192, true)));

TEST(Muon, ZerosStayZeros) {
  EXPECT_TRUE(at::equal(orthogonalised(at::zeros({8, 16}), false), at::zeros({8, 16})));
}

NamedTensors make_parameters() {
  NamedTensors parameters = {{"albert.encoder.layer.ffn.weight", wave(12, 8, 0.1)},
                             {"albert.encoder.layer.ffn.bias", wave(1, 12, 0.2).view({12})},
                             {"albert.embeddings.word_embeddings.weight", wave(20, 8, 0.3)}};
  for (auto& [name, tensor] : parameters) {
    tensor.set_requires_grad(true);
    tensor.mutable_grad() = wave(1, tensor.numel(), 0.5).view(tensor.sizes());
  }
  return parameters;
}

TEST(Muon, UpdatesTheMatricesOfTheEncoderAndAdamWTheRest) {
  const NamedTensors by_muon = make_parameters(), by_adamw = make_parameters();
  OptimizerConfig config;
  config.name = Rule::kMuon;
  Optimizer muon(config, by_muon);
  config.name = Rule::kAdamW;
  Optimizer adamw(config, by_adamw);
  const at::Tensor before = by_muon[0].tensor.detach().clone();
  for (Optimizer* optimizer : {&muon, &adamw}) {
    optimizer->step(0.01);
    optimizer->step(0.01);
  }
  EXPECT_FALSE(at::equal(by_muon[0].tensor, by_adamw[0].tensor));
  EXPECT_TRUE(at::equal(by_muon[1].tensor, by_adamw[1].tensor));
  EXPECT_TRUE(at::equal(by_muon[2].tensor, by_adamw[2].tensor));
  // Changes have the size of AdamW's: 0.2 of the rate in the root mean square, of a matrix of full rank.
  const at::Tensor change = (by_muon[0].tensor.detach() - before) / 0.02;
  EXPECT_NEAR((change.square().mean().sqrt() / 0.2).item<double>(), 1.0, 0.3);

  std::vector<std::string> names;
  for (const auto& [name, tensor] : muon.state()) names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{
                       "albert.encoder.layer.ffn.weight.exp_avg", "albert.encoder.layer.ffn.bias.exp_avg",
                       "albert.encoder.layer.ffn.bias.exp_avg_sq", "albert.embeddings.word_embeddings.weight.exp_avg",
                       "albert.embeddings.word_embeddings.weight.exp_avg_sq", "step"}));
  EXPECT_THROW(muon.load_state(adamw.state()), ModelError);
}

TEST(Muon, SavedAndRestoredIsNeverStopped) {
  OptimizerConfig config;
  config.name = Rule::kMuon;
  const NamedTensors whole = make_parameters(), parts = make_parameters();
  Optimizer one(config, whole), first(config, parts);
  for (int i = 0; i < 3; ++i) one.step(0.01);
  first.step(0.01);
  Optimizer second(config, parts);
  second.load_state(first.state());
  second.step(0.01);
  second.step(0.01);
  EXPECT_TRUE(at::equal(whole[0].tensor, parts[0].tensor));
}

}  // namespace
}  // namespace albert::optim
