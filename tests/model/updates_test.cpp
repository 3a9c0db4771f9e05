// Twenty updates by our optimizers against the reference in scripts/make_fixtures.py.
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "fixture.h"
#include "optim/optimizer.h"
#include "optim/schedule.h"

namespace albert::model {
namespace {

/// As in scripts/make_fixtures.py.
constexpr std::int64_t kUpdates = 20;
double peak_rate(optim::Rule rule) {
  return rule == optim::Rule::kAdamW ? 0.002 : 0.008;
}

/// Largest difference of the losses before each update.
double losses_error(const Fixture& fixture, const optim::OptimizerConfig& optimizer_config, const std::string& name) {
  AlbertForPretraining model(fixture.config, {});
  fill_by_formula(model);
  optim::Optimizer optimizer(optimizer_config, optim::named_tensors(model.named_parameters()));
  optim::ScheduleConfig schedule_config;
  schedule_config.warmup_steps = 5;
  const optim::Schedule schedule(schedule_config, peak_rate(optimizer_config.name), 2 * kUpdates);
  const PretrainingBatch batch = fixture.batch();
  const LossNormalisers normalisers{static_cast<double>(batch.num_targets()),
                                    static_cast<double>(batch.sequences.num_sequences())};
  const at::Tensor& expected = fixture["losses." + name];
  EXPECT_EQ(expected.numel(), kUpdates);
  double worst = 0;
  for (std::int64_t step = 0; step < kUpdates; ++step) {
    model.zero_grad();
    const PretrainingOutput output = model.forward(batch, normalisers, {.training = true});
    output.loss.backward();
    worst = std::max(worst, std::abs(output.loss.item<double>() - expected[step].item<double>()));
    const double norm = optim::gradient_norm(optimizer.parameters());
    optimizer.step(schedule.at(step), optim::clip_scale(norm, optimizer_config.clip_norm));
  }
  return worst;
}

/// The defaults, but more decay: 0.01 would hardly show in twenty updates.
optim::OptimizerConfig reference_config(optim::Rule rule) {
  optim::OptimizerConfig config;
  config.name = rule;
  config.weight_decay = 0.1;
  return config;
}

class Updates : public ::testing::TestWithParam<std::string> {
 protected:
  Updates() { at::set_num_threads(1); }  // so little work that more threads only wait for one another
};

TEST_P(Updates, LossesAreThoseOfTheReference) {
  const Fixture fixture(GetParam());
  for (const auto& [rule, name] : {std::pair{optim::Rule::kAdamW, "adamw"}, std::pair{optim::Rule::kLamb, "lamb"}}) {
    EXPECT_LE(losses_error(fixture, reference_config(rule), name), 1e-4) << name;
  }
}

TEST_P(Updates, AWrongRuleIsFound) {
  const Fixture fixture(GetParam());
  const auto error_with = [&](optim::Rule rule, auto change) {
    optim::OptimizerConfig config = reference_config(rule);
    change(config);
    return losses_error(fixture, config, rule == optim::Rule::kAdamW ? "adamw" : "lamb");
  };
  for (const optim::Rule rule : {optim::Rule::kAdamW, optim::Rule::kLamb}) {
    EXPECT_GT(error_with(rule, [](auto& c) { c.bias_correction = true; }), 1e-3);
    EXPECT_GT(error_with(rule, [](auto& c) { c.weight_decay = 0; }), 1e-4);
    EXPECT_GT(error_with(rule, [](auto& c) { c.clip_norm = 0; }), 1e-3);
    EXPECT_GT(error_with(rule, [](auto& c) { c.exclude_from_weight_decay.clear(); }), 1e-4);
  }
  EXPECT_GT(error_with(optim::Rule::kLamb, [](auto& c) { c.exclude_from_layer_adaptation.clear(); }), 1e-3);
}

INSTANTIATE_TEST_SUITE_P(Fixtures, Updates, ::testing::Values("shared", "groups", "unshared"),
                         [](const auto& parameter) { return parameter.param; });

}  // namespace
}  // namespace albert::model
