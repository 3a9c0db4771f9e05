#pragma once

#include <cmath>
#include <csignal>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "base/error.h"
#include "base/random.h"
#include "support/fake_tokenizer.h"
#include "train/objective.h"
#include "train/training_config.h"

namespace albert::train::testing {

/// A training of some updates of 4 examples.
inline TrainingConfig small_training(std::int64_t num_steps) {
  TrainingConfig config;
  config.optimizer.name = optim::Rule::kAdamW;
  config.optimizer.learning_rate = 0.1;
  config.train.steps = num_steps;
  config.train.batch_size = 4;
  config.log.every = 1;
  return config;
}

/// The smallest thing that can be trained: w x = y by least squares, where example i of an epoch brings 1 + i % 3 pairs
/// (x, y). Examples with different numbers of targets are what makes averaging by parts go wrong.
class FakeObjective : public Objective {
 public:
  explicit FakeObjective(std::uint64_t epoch_size = 10, std::string evaluation_data = "some")
      : epoch_size_(epoch_size), evaluation_data_(std::move(evaluation_data)) {
    weight_.set_requires_grad(true);
  }

  struct Batch : MicroBatch {
    at::Tensor x;                                                   // [P, 3]
    at::Tensor y;                                                   // [P]
    std::vector<std::pair<std::uint64_t, std::uint64_t>> examples;  // epoch, index
    std::int64_t first_number = 0;
  };

  std::shared_ptr<const BatchEpoch> epoch(std::uint64_t number, std::int64_t /*step*/) const override {
    return std::make_shared<FakeEpoch>(number, epoch_size_);
  }
  std::vector<optim::ParameterCopy> begin_update(std::int64_t step) override {
    if (step == poison_after_) poison();
    if (step == act_after_) action_();
    return {};
  }
  Loss loss(const MicroBatch& micro_batch, const TargetCounts& update_targets) override {
    const auto& batch = static_cast<const Batch&>(micro_batch);
    const at::Tensor sum = (at::mv(batch.x, weight_) - batch.y).square().sum();
    const at::Tensor counted = at::full({}, batch.num_targets[0], at::kDouble);
    return {poison_ * sum / static_cast<double>(update_targets[0]), at::stack({sum.detach().to(at::kDouble), counted})};
  }
  std::size_t num_targets() const override { return 1; }
  std::size_t num_sums() const override { return 2; }
  metrics::Figures figures(std::span<const double> sums) const override { return {{"loss", sums[0] / sums[1]}}; }
  std::optional<Evaluation> evaluate(parallel::Group& ranks, std::int64_t /*step*/) override {
    ++num_evaluations_;
    in_evaluation_();
    ranks.sum(at::ones({1}));  // as those do that divide the work
    const auto error = (weight_.detach() - at::tensor({1.0, 2.0, 3.0}).to(at::kFloat)).norm().item<double>();
    if (!why_undefined_.empty()) return Evaluation{{}, "accuracy", std::nullopt, why_undefined_};
    const double accuracy = rounding_ - error;
    return Evaluation{{{"accuracy", accuracy}}, "accuracy", accuracy};
  }
  void require_sound_data(std::int64_t step) const override {
    if (step >= damaged_after_) throw DataError("a damaged shard");
  }
  checkpoint::ModelContents model(std::int64_t /*step*/) const override {
    return {.parameters = {{"albert.weight", weight_}}, .config_json = config_json_, .tokenizer = &tokenizer_};
  }
  std::map<std::string, std::string> fingerprints() const override {
    std::map<std::string, std::string> fingerprints = {{"corpus", std::to_string(epoch_size_)}};
    if (!evaluation_data_.empty()) fingerprints[kEvaluationData] = evaluation_data_;
    return fingerprints;
  }

  at::Tensor weight() const { return weight_; }
  int num_evaluations() const { return num_evaluations_; }
  /// After so many updates every loss is NaN.
  void poison_after(std::int64_t step) { poison_after_ = step; }
  /// After so many updates the data is known to be damaged.
  void damage_after(std::int64_t step) { damaged_after_ = step; }
  /// After so many updates, something happens before the next one.
  void act_after(std::int64_t step, std::function<void()> action) {
    act_after_ = step;
    action_ = std::move(action);
  }
  void raise_after(std::int64_t step, int signal) {
    act_after(step, [signal] { std::raise(signal); });
  }
  /// Something happens in every evaluation.
  void act_in_evaluation(std::function<void()> action) { in_evaluation_ = std::move(action); }
  /// Evaluations have no value to compare models by.
  void leave_metric_undefined(std::string reason) { why_undefined_ = std::move(reason); }
  /// Evaluations find a little more than other ranks do.
  void round_evaluations_up(double by) { rounding_ = by; }
  void set_config(std::string json) { config_json_ = std::move(json); }
  /// From now on every loss is NaN.
  void poison() { poison_ = std::nan(""); }

 private:
  class FakeEpoch : public BatchEpoch {
   public:
    FakeEpoch(std::uint64_t number, std::uint64_t size) : number_(number), size_(size) {}
    std::uint64_t size() const override { return size_; }
    std::unique_ptr<MicroBatch> make(std::uint64_t first, std::int64_t count, std::int64_t first_number,
                                     std::int64_t /*step*/) const override {
      auto batch = std::make_unique<Batch>();
      std::vector<float> x;
      std::vector<float> y;
      for (std::uint64_t i = first; i < first + static_cast<std::uint64_t>(count); ++i) {
        batch->examples.emplace_back(number_, i);
        Random random(random_key(7, {number_}), i);
        for (std::uint64_t pair = 0; pair < 1 + i % 3; ++pair) {
          for (int k = 0; k < 3; ++k) x.push_back(static_cast<float>(random.normal()));
          const float* row = x.data() + x.size() - 3;
          y.push_back(row[0] + 2 * row[1] + 3 * row[2] + 0.1f * static_cast<float>(random.normal()));
        }
      }
      batch->x = at::tensor(x).view({-1, 3});
      batch->y = at::tensor(y);
      batch->first_number = first_number;
      batch->num_sequences = count;
      batch->num_tokens = batch->x.numel();
      batch->num_targets = {static_cast<double>(batch->y.numel())};
      return batch;
    }

   private:
    std::uint64_t number_;
    std::uint64_t size_;
  };

  std::uint64_t epoch_size_;
  std::string evaluation_data_;
  at::Tensor weight_ = at::zeros({3});
  albert::testing::FakeTokenizer tokenizer_;
  double poison_ = 1;
  std::int64_t poison_after_ = -1;
  std::int64_t act_after_ = -1;
  std::int64_t damaged_after_ = std::numeric_limits<std::int64_t>::max();
  std::function<void()> action_;
  std::function<void()> in_evaluation_ = [] {};
  int num_evaluations_ = 0;
  double rounding_ = 0;
  std::string config_json_ = R"({"model_type": "fake"})";
  std::string why_undefined_;
};

}  // namespace albert::train::testing
