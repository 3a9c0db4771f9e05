#include "optim/optimizer.h"

#include <cmath>
#include <limits>
#include <numbers>
#include <tuple>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "optim/reference.h"

namespace albert::optim {
namespace {

using testing::ReferenceParameter;

/// Values that need no file and no generator: every element different, of both signs.
at::Tensor wave(std::int64_t size, double phase, double amplitude) {
  return at::sin(at::arange(size, at::kDouble) * std::numbers::phi + phase).mul(amplitude).to(at::kFloat);
}

std::vector<double> to_vector(const at::Tensor& x) {
  const at::Tensor wide = x.detach().to(at::kDouble).contiguous();
  return {wide.const_data_ptr<double>(), wide.const_data_ptr<double>() + wide.numel()};
}

/// A matrix larger than a block of the kernel and no multiple of it, a small one, a bias, a layer norm, and a matrix of
/// zeros.
NamedTensors make_parameters() {
  NamedTensors parameters = {{"albert.embeddings.word_embeddings.weight", wave(40'009, 0.1, 0.05)},
                             {"albert.pooler.weight", wave(35, 0.2, 0.7)},
                             {"albert.pooler.bias", wave(7, 0.3, 0.1)},
                             {"albert.embeddings.LayerNorm.weight", wave(5, 0.4, 1.0)},
                             {"sop_classifier.classifier.weight", at::zeros({6})}};
  for (auto& [name, tensor] : parameters) tensor.set_requires_grad(true);
  return parameters;
}

void set_gradients(const NamedTensors& parameters, int step) {
  for (const auto& [name, tensor] : parameters) {
    at::Tensor(tensor).mutable_grad() =
        wave(tensor.numel(), 0.01 * step + static_cast<double>(name.size()), 0.02 * (1 + step % 3));
  }
}

std::vector<ReferenceParameter> make_reference(const NamedTensors& parameters) {
  std::vector<ReferenceParameter> reference;
  for (const auto& [name, tensor] : parameters) {
    const bool excluded = name.find("LayerNorm") != std::string::npos || name.find("bias") != std::string::npos;
    reference.push_back({.w = to_vector(tensor), .decayed = !excluded, .adapted = !excluded});
  }
  return reference;
}

/// Largest relative error of a parameter after `num_steps` of both.
double error_against_reference(const OptimizerConfig& config, const OptimizerConfig& reference_config, int num_steps) {
  const NamedTensors parameters = make_parameters();
  Optimizer optimizer(config, parameters);
  std::vector<ReferenceParameter> reference = make_reference(parameters);
  for (int step = 0; step < num_steps; ++step) {
    const double rate = 0.002 * (step + 1);
    set_gradients(parameters, step);
    double squares = 0;
    for (const auto& [name, tensor] : parameters)
      squares += std::pow(ReferenceParameter::norm(to_vector(tensor.grad())), 2);
    const double scale = std::min(1.0, reference_config.clip_norm / std::sqrt(squares));
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      std::vector<double> gradient = to_vector(parameters[i].tensor.grad());
      for (double& g : gradient) g *= scale;
      reference[i].update(gradient, reference_config, rate, step + 1);
    }
    optimizer.step(rate, clip_scale(gradient_norm(parameters), config.clip_norm));
  }
  double worst = 0;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    std::vector<double> difference = to_vector(parameters[i].tensor);
    for (std::size_t j = 0; j < difference.size(); ++j) difference[j] -= reference[i].w[j];
    worst = std::max(worst, ReferenceParameter::norm(difference) / ReferenceParameter::norm(reference[i].w));
  }
  return worst;
}

/// Float32 rounds each of 20 updates by about 1e-7 of the weight.
constexpr double kTolerance = 2e-6;

class Rules : public ::testing::TestWithParam<std::tuple<Rule, bool>> {
 protected:
  Rules() { at::set_num_threads(1); }  // so little work that more threads only wait for one another
};

TEST_P(Rules, EqualTheFormulasInFloat64) {
  OptimizerConfig config;
  std::tie(config.name, config.bias_correction) = GetParam();
  EXPECT_LT(error_against_reference(config, config, 20), kTolerance);
}

TEST_P(Rules, EveryTermOfTheFormulasIsSeenByThisTest) {
  OptimizerConfig config;
  std::tie(config.name, config.bias_correction) = GetParam();
  const auto error_with = [&](auto change) {
    OptimizerConfig changed = config;
    change(changed);
    return error_against_reference(changed, config, 20);
  };
  EXPECT_GT(error_with([](OptimizerConfig& c) { c.weight_decay = 0; }), 10 * kTolerance);
  EXPECT_GT(error_with([](OptimizerConfig& c) { c.beta1 = 0.91; }), 10 * kTolerance);
  EXPECT_GT(error_with([](OptimizerConfig& c) { c.beta2 = 0.998; }), 10 * kTolerance);
  EXPECT_GT(error_with([](OptimizerConfig& c) { c.epsilon = 1e-4; }), 10 * kTolerance);
  EXPECT_GT(error_with([](OptimizerConfig& c) { c.bias_correction = !c.bias_correction; }), 10 * kTolerance);
  EXPECT_GT(error_with([](OptimizerConfig& c) { c.clip_norm = 0; }), 10 * kTolerance);
  EXPECT_GT(error_with([](OptimizerConfig& c) { c.exclude_from_weight_decay = {}; }), 10 * kTolerance);
  if (config.name == Rule::kLamb) {
    EXPECT_GT(error_with([](OptimizerConfig& c) { c.exclude_from_layer_adaptation = {}; }), 10 * kTolerance);
  }
}

TEST(StableAdamW, EqualsTheFormulasInFloat64) {
  OptimizerConfig config;
  config.name = Rule::kAdamW;
  config.bias_correction = true;
  config.beta2 = 0.99;
  config.clip_update = 0.8;  // the gradients of these tests are never far above their mean
  EXPECT_LT(error_against_reference(config, config, 20), kTolerance);
  OptimizerConfig without = config;
  without.clip_update = 0;
  EXPECT_GT(error_against_reference(without, config, 20), 10 * kTolerance);
}

INSTANTIATE_TEST_SUITE_P(All, Rules,
                         ::testing::Combine(::testing::Values(Rule::kLamb, Rule::kAdamW), ::testing::Bool()));

TEST(Clipping, ScalesTheNormOfAllGradientsToTheLimit) {
  const NamedTensors parameters = make_parameters();
  for (const auto& [name, tensor] : parameters) at::Tensor(tensor).mutable_grad() = at::full_like(tensor, 2.0);
  std::int64_t count = 0;
  for (const auto& parameter : parameters) count += parameter.tensor.numel();
  const double norm = gradient_norm(parameters);
  EXPECT_DOUBLE_EQ(norm, 2 * std::sqrt(static_cast<double>(count)));
  EXPECT_DOUBLE_EQ(clip_scale(norm, 1.0) * norm, 1.0);
  EXPECT_EQ(clip_scale(0.5, 1.0), 1.0);
  EXPECT_EQ(clip_scale(1e9, 0.0), 1.0);
}

TEST(Clipping, ANormThatIsNoNumberIsReported) {
  const NamedTensors parameters = make_parameters();
  set_gradients(parameters, 0);
  parameters[1].tensor.grad()[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isnan(gradient_norm(parameters)));
  parameters[1].tensor.grad()[3] = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(std::isinf(gradient_norm(parameters)));
}

TEST(Optimizer, AParameterWithoutGradientStaysAsItIs) {
  const NamedTensors parameters = make_parameters();
  set_gradients(parameters, 0);
  at::Tensor(parameters[1].tensor).mutable_grad() = at::Tensor();
  const at::Tensor before = parameters[1].tensor.detach().clone();
  const at::Tensor other = parameters[0].tensor.detach().clone();
  Optimizer optimizer(OptimizerConfig{}, parameters);
  optimizer.step(0.1);
  EXPECT_TRUE(at::equal(parameters[1].tensor, before));
  EXPECT_FALSE(at::equal(parameters[0].tensor, other));
}

TEST(Optimizer, ARateOfZeroMovesTheMeansOnly) {
  const NamedTensors parameters = make_parameters();
  set_gradients(parameters, 0);
  const at::Tensor before = parameters[0].tensor.detach().clone();
  Optimizer optimizer(OptimizerConfig{}, parameters);
  optimizer.step(0.0);
  EXPECT_TRUE(at::equal(parameters[0].tensor, before));
  EXPECT_GT(optimizer.state()[0].tensor.abs().sum().item<float>(), 0);
}

/// Runs steps [begin, end), each with its own gradients.
void run(Optimizer& optimizer, int begin, int end) {
  for (int step = begin; step < end; ++step) {
    set_gradients(optimizer.parameters(), step);
    optimizer.step(0.01, clip_scale(gradient_norm(optimizer.parameters()), 1.0));
  }
}

TEST_P(Rules, SavedAndRestoredIsNeverStopped) {
  OptimizerConfig config;
  std::tie(config.name, config.bias_correction) = GetParam();
  Optimizer whole(config, make_parameters());
  run(whole, 0, 8);

  Optimizer first(config, make_parameters());
  run(first, 0, 5);
  const NamedTensors parameters = make_parameters();
  const at::NoGradGuard no_grad;
  for (std::size_t i = 0; i < parameters.size(); ++i)
    at::Tensor(parameters[i].tensor).copy_(first.parameters()[i].tensor);
  Optimizer second(config, parameters);
  second.load_state(first.state());
  run(second, 5, 8);

  EXPECT_EQ(second.num_updates(), 8);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    EXPECT_TRUE(at::equal(second.parameters()[i].tensor, whole.parameters()[i].tensor)) << parameters[i].name;
  }
}

TEST_P(Rules, TheNumberOfThreadsChangesNoBit) {
  OptimizerConfig config;
  std::tie(config.name, config.bias_correction) = GetParam();
  Optimizer one(config, make_parameters());
  run(one, 0, 3);
  at::set_num_threads(3);
  Optimizer several(config, make_parameters());
  run(several, 0, 3);
  at::set_num_threads(1);
  for (std::size_t i = 0; i < one.parameters().size(); ++i) {
    EXPECT_TRUE(at::equal(one.parameters()[i].tensor, several.parameters()[i].tensor)) << one.parameters()[i].name;
  }
}

TEST(Optimizer, StateThatDoesNotFitIsRefusedByName) {
  Optimizer optimizer(OptimizerConfig{}, make_parameters());
  NamedTensors state = optimizer.state();
  state[0].tensor = at::zeros({3});
  state[3].name = "albert.pooled.weight.exp_avg_sq";
  try {
    optimizer.load_state(state);
    FAIL() << "accepted";
  } catch (const ModelError& error) {
    EXPECT_THAT(error.what(),
                ::testing::AllOf(
                    ::testing::HasSubstr(
                        "albert.embeddings.word_embeddings.weight.exp_avg: expected Float [40009], found Float [3]"),
                    ::testing::HasSubstr("albert.pooler.weight.exp_avg_sq: missing"),
                    ::testing::HasSubstr("albert.pooled.weight.exp_avg_sq: not of this model")));
  }
}

/// The exclusions as they show: with a gradient of zero the only thing that can move a weight is its decay.
std::vector<std::string> decaying(const std::vector<std::string>& names) {
  NamedTensors parameters;
  for (const std::string& name : names) {
    parameters.push_back({name, at::ones({4})});
    parameters.back().tensor.mutable_grad() = at::zeros({4});
  }
  Optimizer optimizer(OptimizerConfig{}, parameters);
  optimizer.step(0.5);
  std::vector<std::string> moved;
  for (const auto& [name, tensor] : parameters) {
    if (!at::equal(tensor, at::ones({4}))) moved.push_back(name);
  }
  return moved;
}

TEST(Optimizer, OnlyMatricesDecayUnderTheNamesOfHuggingFace) {
  const std::string layer = "albert.encoder.albert_layer_groups.0.albert_layers.0.";
  EXPECT_THAT(decaying({"albert.embeddings.word_embeddings.weight",
                        "albert.embeddings.position_embeddings.weight",
                        "albert.embeddings.token_type_embeddings.weight",
                        "albert.embeddings.LayerNorm.weight",
                        "albert.embeddings.LayerNorm.bias",
                        "albert.encoder.embedding_hidden_mapping_in.weight",
                        "albert.encoder.embedding_hidden_mapping_in.bias",
                        layer + "full_layer_layer_norm.weight",
                        layer + "full_layer_layer_norm.bias",
                        layer + "attention.query.weight",
                        layer + "attention.query.bias",
                        layer + "attention.LayerNorm.weight",
                        layer + "ffn.weight",
                        layer + "ffn_output.bias",
                        "albert.pooler.weight",
                        "albert.pooler.bias",
                        "predictions.bias",
                        "predictions.LayerNorm.weight",
                        "predictions.dense.weight",
                        "sop_classifier.classifier.weight",
                        "sop_classifier.classifier.bias"}),
              ::testing::ElementsAre(
                  "albert.embeddings.word_embeddings.weight", "albert.embeddings.position_embeddings.weight",
                  "albert.embeddings.token_type_embeddings.weight", "albert.encoder.embedding_hidden_mapping_in.weight",
                  layer + "attention.query.weight", layer + "ffn.weight", "albert.pooler.weight",
                  "predictions.dense.weight", "sop_classifier.classifier.weight"));
}

TEST(Optimizer, RefusesWhatItCannotUpdate) {
  EXPECT_THROW(Optimizer(OptimizerConfig{}, {{"a", at::zeros({2}, at::kDouble)}}), InternalError);
  EXPECT_THROW(Optimizer(OptimizerConfig{}, {{"a", at::zeros({2, 3}).t()}}), InternalError);
  EXPECT_THROW(Optimizer(OptimizerConfig{}, {{"a", at::zeros({2})}, {"a", at::zeros({2})}}), InternalError);
}

}  // namespace
}  // namespace albert::optim
