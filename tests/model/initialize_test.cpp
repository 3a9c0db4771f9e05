#include "model/initialize.h"

#include <gtest/gtest.h>

#include "model/pretraining.h"
#include "random_examples.h"

namespace albert::model {
namespace {

at::Tensor parameter(const torch::nn::Module& model, const std::string& name) {
  return model.named_parameters()[name].detach();
}

TEST(Initialize, IsAFunctionOfSeedAndName) {
  const AlbertConfig config = small_config();
  AlbertForPretraining one(config, {}), two(config, {}), three(config, {});
  initialize(one, config, 7);
  initialize(two, config, 7);
  initialize(three, config, 8);
  std::set<float> first_values;
  for (const auto& item : one.named_parameters()) {
    EXPECT_TRUE(item.value().equal(parameter(two, item.key()))) << item.key();
    if (item.value().dim() == 1) continue;
    EXPECT_FALSE(item.value().equal(parameter(three, item.key()))) << item.key();
    EXPECT_TRUE(first_values.insert(item.value().flatten()[0].item<float>()).second) << item.key();
  }
  // A model of more layers begins with the same weights.
  AlbertConfig deeper = config;
  deeper.num_hidden_layers = deeper.num_hidden_groups = 5;
  AlbertForPretraining deep(deeper, {});
  initialize(deep, deeper, 7);
  const std::string name = "albert.encoder.albert_layer_groups.1.albert_layers.0.ffn.weight";
  EXPECT_TRUE(parameter(deep, name).equal(parameter(one, name)));
}

TEST(Initialize, PositionsGoOnLikeThoseBefore) {
  const at::Tensor table = at::randn({12, 3});
  const at::Tensor before = table.clone();
  continue_positions(table, 5, 11);
  for (const auto& [position, like] : {std::pair(5, 1), {6, 2}, {8, 4}, {9, 1}, {10, 2}})
    EXPECT_TRUE(at::equal(table[position], before[position] + before[like])) << position;
  for (const int position : {0, 4, 11}) EXPECT_TRUE(at::equal(table[position], before[position])) << position;
}

TEST(Initialize, VectorsAreOnesAndZeros) {
  const AlbertConfig config = small_config();
  AlbertForPretraining model(config, {});
  initialize(model, config, 7);
  for (const auto& item : model.named_parameters()) {
    if (item.value().dim() != 1) continue;
    const double expected = item.key().ends_with("bias") ? 0 : 1;
    EXPECT_TRUE(item.value().eq(expected).all().item<bool>()) << item.key();
  }
}

TEST(Initialize, MatricesHaveTheirDistribution) {
  AlbertConfig config = small_config();
  at::Tensor values = at::empty({1000, 1003});
  initialize_parameter(values, "x.weight", config, 3);
  const double bound = 2 * config.initializer_range;
  EXPECT_LE(values.abs().max().item<double>(), bound);
  EXPECT_GT(values.abs().max().item<double>(), 0.999 * bound);
  // Of a standard normal cut at two standard deviations: 1 - 2 * 2 * pdf(2) / (1 - 2 * cdf(-2)) = 0.7737 is the
  // variance. A million draws put its estimate within 0.2% and the mean within 5 standard errors.
  EXPECT_NEAR(values.mean().item<double>() / config.initializer_range, 0, 5e-3);
  EXPECT_NEAR(values.square().mean().item<double>() / std::pow(config.initializer_range, 2), 0.7737, 0.004);
  config.initializer = Initializer::kNormal;
  initialize_parameter(values, "x.weight", config, 3);
  EXPECT_NEAR(values.square().mean().item<double>() / std::pow(config.initializer_range, 2), 1, 0.008);
}

}  // namespace
}  // namespace albert::model
