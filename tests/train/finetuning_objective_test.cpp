#include "train/finetuning_objective.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "inference/scoring.h"
#include "model/initialize.h"
#include "optim/optimizer.h"
#include "support/alone.h"
#include "support/fake_tokenizer.h"
#include "support/small_model.h"
#include "train/fake_data_set.h"

namespace albert::train {
namespace {

std::shared_ptr<model::TaskModel> make_classifier(double dropout = 0) {
  model::AlbertConfig config = albert::testing::make_model(dropout)->config();
  config.classifier_dropout_prob = dropout;
  auto classifier = model::make_task_model(config, {}, {});
  model::initialize(*classifier, config, 1);
  return classifier;
}

class FinetuningTaskTest : public ::testing::Test {
 protected:
  FinetuningObjective make_task(std::shared_ptr<model::TaskModel> model, std::size_t num_items,
                                const FinetuningOptions& options = {}) {
    return {std::move(model),
            std::make_shared<testing::FakeTask>(),
            std::make_shared<testing::FakeDataSet>(testing::make_items(num_items)),
            {{"", std::make_shared<testing::FakeDataSet>(testing::make_items(40))}},
            std::make_shared<albert::testing::FakeTokenizer>(),
            options};
  }
};

/// The gradients after an update of the epoch's first 8 examples, `micro` of them at a time.
std::vector<at::Tensor> gradients(FinetuningObjective& task, const model::TaskModel& model, std::int64_t micro) {
  task.begin_update(3);
  const auto epoch = task.epoch(0, 0);
  for (std::int64_t first = 0; first < 8; first += micro) {
    const auto batch = epoch->make(static_cast<std::uint64_t>(first), micro, first, 0);
    task.loss(*batch, {8}).value.backward();
  }
  std::vector<at::Tensor> gradients;
  for (const auto& parameter : model.parameters()) {
    gradients.push_back(parameter.grad().defined() ? parameter.grad().clone() : at::zeros_like(parameter));
    parameter.mutable_grad().reset();
  }
  return gradients;
}

TEST_F(FinetuningTaskTest, MicroBatchesAddUpToTheUpdateWhateverDropoutDoes) {
  const auto model = make_classifier(0.3);
  FinetuningObjective task = make_task(model, 40);
  const auto whole = gradients(task, *model, 8);
  const auto halves = gradients(task, *model, 4);
  const auto pairs = gradients(task, *model, 2);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    EXPECT_TRUE(at::allclose(whole[i], halves[i], 1e-4, 1e-6)) << i;
    EXPECT_TRUE(at::allclose(whole[i], pairs[i], 1e-4, 1e-6)) << i;
  }
}

TEST_F(FinetuningTaskTest, WeightedTargetsAreDividedByTheirWeights) {
  const auto model = make_classifier();
  const model::LossConfig loss{.class_weights = {0.5, 2}, .label_smoothing = 0.1};
  FinetuningObjective task = make_task(model, 40, {.loss = loss});
  task.begin_update(3);
  const auto epoch = task.epoch(0, 0);
  const auto whole = epoch->make(0, 8, 0, 0);
  const auto expected = task.loss(*whole, whole->num_targets).value.item<double>();
  EXPECT_NE(whole->num_targets[0], 8);
  double sum = 0;
  for (std::uint64_t first = 0; first < 8; first += 2) {
    const auto part = epoch->make(first, 2, static_cast<std::int64_t>(first), 0);
    sum += task.loss(*part, whole->num_targets).value.item<double>();
  }
  EXPECT_NEAR(sum, expected, 1e-5) << "however the update is split";
  FinetuningObjective plain = make_task(model, 40);
  EXPECT_EQ(plain.evaluate(albert::testing::alone(), 0)->figures, task.evaluate(albert::testing::alone(), 0)->figures)
      << "evaluations report the plain loss";
}

TEST_F(FinetuningTaskTest, LearnsAndIsJudgedByTheTasksMetric) {
  const auto model = make_classifier();
  FinetuningObjective task = make_task(model, 60, {.batches = {.batch_size = 16}});
  optim::OptimizerConfig config;
  config.name = optim::Rule::kAdamW;
  optim::Optimizer optimizer(config, optim::named_tensors(model->named_parameters()));
  for (std::int64_t step = 0; step < 150; ++step) {
    task.begin_update(step);
    const auto epoch = task.epoch(static_cast<std::uint64_t>(step), step);
    const auto batch = epoch->make(0, epoch->update_size(0), 0, step);
    task.loss(*batch, batch->num_targets).value.backward();
    optimizer.step(2e-3);
    for (const auto& parameter : model->parameters()) parameter.mutable_grad().reset();
  }
  const auto evaluation = task.evaluate(albert::testing::alone(), 0);
  EXPECT_EQ(evaluation->metric, "accuracy");
  EXPECT_GT(evaluation->value.value(), 0.9);  // 0.5 by guessing
  EXPECT_LT(metrics::find(evaluation->figures, "loss").value(), 0.3);
}

TEST_F(FinetuningTaskTest, WithoutDevelopmentDataThereIsNoEvaluation) {
  FinetuningObjective task(make_classifier(), std::make_shared<testing::FakeTask>(),
                           std::make_shared<testing::FakeDataSet>(testing::make_items(8)), {},
                           std::make_shared<albert::testing::FakeTokenizer>(), {});
  EXPECT_EQ(task.evaluate(albert::testing::alone(), 0), std::nullopt);
}

TEST_F(FinetuningTaskTest, TheFingerprintIsThatOfTheTrainingData) {
  const auto model = make_classifier();
  EXPECT_EQ(make_task(model, 30).fingerprints(), make_task(model, 30).fingerprints());
  EXPECT_NE(make_task(model, 30).fingerprints(), make_task(model, 31).fingerprints());
}

TEST_F(FinetuningTaskTest, TheSavedConfigurationNamesTheLabels) {
  const std::string json = make_task(make_classifier(), 8).model(0).config_json;
  EXPECT_THAT(json, ::testing::HasSubstr("AlbertForSequenceClassification"));
  EXPECT_THAT(json, ::testing::HasSubstr(R"("1": "even")"));
}

TEST(ScoreItems, GivesEveryItemTheScoresItWouldHaveAlone) {
  const auto model = make_classifier();
  testing::FakeDataSet together(testing::make_items(30));
  testing::FakeDataSet alone(testing::make_items(30));
  const metrics::Mean loss = inference::score_items(*model, together, {.batch_tokens = 50});
  inference::score_items(*model, alone, {.batch_tokens = 1});
  EXPECT_EQ(loss.count, 30);
  for (std::size_t i = 0; i < 30; ++i) {
    EXPECT_THAT(together.scores()[i], ::testing::Pointwise(::testing::FloatNear(1e-5f), alone.scores()[i])) << i;
  }
}

TEST_F(FinetuningTaskTest, ScoresThatAreNoNumbersAreRefused) {
  const auto model = make_classifier();
  const at::NoGradGuard no_gradients;
  model->parameters().back().fill_(std::numeric_limits<float>::infinity());
  testing::FakeDataSet items(testing::make_items(10));
  EXPECT_THROW(inference::score_items(*model, items, {}), NumericalError);
}

}  // namespace
}  // namespace albert::train
