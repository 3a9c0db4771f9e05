// What the model computes against Transformers (scripts/make_fixtures.py), in float32. Each comparison is a function
// that returns how far apart the two are in units of the tolerance, so that a test can also ask that a wrong model is
// far.
#include "parity.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "fixture.h"

namespace albert::model {
namespace {

LossNormalisers normalisers_of(const PretrainingBatch& batch) {
  return {static_cast<double>(batch.num_targets()), static_cast<double>(batch.sequences.num_sequences())};
}

double hidden_states_error(const AlbertForPretraining& model, const Fixture& fixture) {
  const at::NoGradGuard no_gradients;
  EncoderTrace wanted;
  for (std::int64_t layer = 0; fixture.tensors.contains("hidden." + std::to_string(layer)); ++layer) {
    wanted.layers.insert(layer);
  }
  const std::int64_t num_states = fixture.config.num_layer_applications() + 1;
  if (std::ssize(wanted.layers) != num_states) return std::numeric_limits<double>::infinity();
  const auto states = model.albert().look_inside(fixture.batch().sequences, {}, wanted).states;
  double worst = 0;
  for (const auto& [layer, state] : states) {
    worst = std::max(worst, output_error(state, fixture["hidden." + std::to_string(layer)]));
  }
  return worst;
}

double logits_error(const AlbertForPretraining& model, const Fixture& fixture) {
  const at::NoGradGuard no_gradients;
  const auto [masked_lm, order] = model.logits(fixture.batch());
  return std::max(output_error(masked_lm, fixture["masked_lm_logits"]), output_error(order, fixture["order_logits"]));
}

double losses_error(const AlbertForPretraining& model, const Fixture& fixture) {
  const PretrainingBatch batch = fixture.batch();
  const LossNormalisers normalisers = normalisers_of(batch);
  const PretrainingOutput output = model.forward(batch, normalisers, {});
  output.loss.backward();
  return std::max({output_error(output.masked_lm_sum / normalisers.num_targets, fixture["masked_lm_loss"]),
                   output_error(output.order_sum / normalisers.num_sequences, fixture["order_loss"]),
                   output_error(output.loss, fixture["masked_lm_loss"] + fixture["order_loss"])});
}

class Parity : public ::testing::TestWithParam<std::string> {
 protected:
  Parity() {
    at::set_num_threads(1);  // so little work that more threads only wait for one another
    fill_by_formula(model_);
  }

  Fixture fixture_{GetParam()};
  AlbertForPretraining model_{fixture_.config, {}};
};

TEST_P(Parity, HiddenStatesLogitsAndLosses) {
  EXPECT_LE(hidden_states_error(model_, fixture_), 1);
  EXPECT_LE(logits_error(model_, fixture_), 1);
  EXPECT_LE(losses_error(model_, fixture_), 1);
}

TEST_P(Parity, EveryGradientByName) {
  losses_error(model_, fixture_);
  EXPECT_LE(gradient_error(model_, fixture_), 1);
}

TEST_P(Parity, AWrongWeightIsFound) {
  for (const auto& item : model_.named_parameters()) {
    // The softmax does not see what is added to all keys alike, and the words that do not occur are only in the
    // decoder.
    if (item.key().ends_with("key.bias")) continue;
    const at::NoGradGuard no_gradients;
    fill_by_formula(model_);
    // Every third element, so that no two rows get the same: a layer norm does not see what is added to all of its
    // elements.
    item.value().flatten().slice(0, 0, std::nullopt, 3).add_(2e-3);
    model_.zero_grad();
    const at::AutoGradMode with_gradients(true);
    const double outputs = std::max(logits_error(model_, fixture_), losses_error(model_, fixture_));
    EXPECT_GT(std::max(outputs, hidden_states_error(model_, fixture_)), 1) << item.key();
    EXPECT_GT(gradient_error(model_, fixture_), 1) << item.key();
  }
}

TEST_P(Parity, AWrongSettingIsFound) {
  const auto error_with = [this](auto change) {
    AlbertConfig config = fixture_.config;
    change(config);
    AlbertForPretraining wrong(config, {});
    fill_by_formula(wrong);
    return logits_error(wrong, fixture_);
  };
  EXPECT_GT(error_with([](AlbertConfig& c) {
              c.hidden_act =
                  c.hidden_act == HiddenActivation::kGelu ? HiddenActivation::kGeluNew : HiddenActivation::kGelu;
            }),
            1);
  EXPECT_GT(error_with([](AlbertConfig& c) { c.layer_norm_eps = 1e-3; }), 1);
  EXPECT_GT(error_with([](AlbertConfig& c) { c.num_attention_heads = 1; }), 1);
  EXPECT_GT(error_with([](AlbertConfig& c) { ++c.num_hidden_layers; }), 1);
}

INSTANTIATE_TEST_SUITE_P(Fixtures, Parity, ::testing::ValuesIn(fixture_names()),
                         [](const auto& parameter) { return parameter.param; });

TEST(ParityFixtures, CoverTheVariants) {
  EXPECT_EQ(fixture_names().size(), 9);
  bool groups = false, inner = false, unshared = false, unfactorised = false, ragged = false, equal = false;
  std::set<HiddenActivation> activations;
  for (const std::string& name : fixture_names()) {
    const Fixture fixture(name);
    const AlbertConfig& c = fixture.config;
    groups |= c.num_hidden_groups > 1 && c.num_hidden_groups < c.num_hidden_layers;
    inner |= c.inner_group_num > 1;
    unshared |= c.num_hidden_groups == c.num_hidden_layers && c.num_hidden_layers > 1;
    unfactorised |= c.embedding_size == c.hidden_size;
    const at::Tensor& lengths = fixture["lengths"];
    const bool all_equal = lengths.eq(lengths[0]).all().item<bool>();
    ragged |= !all_equal;
    equal |= all_equal && lengths.numel() > 1;
    activations.insert(c.hidden_act);
  }
  EXPECT_TRUE(groups && inner && unshared && unfactorised && ragged && equal);
  EXPECT_EQ(activations.size(), 3);
}

}  // namespace
}  // namespace albert::model
