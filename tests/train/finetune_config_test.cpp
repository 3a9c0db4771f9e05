#include "train/finetune_config.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/file.h"
#include "support/temporary_folder.h"

namespace albert::train {
namespace {

const fs::path kConfigs = "configs/finetune";

TEST(FinetuneConfig, EveryFileIsInOrderAndSaysHowItIsRun) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(kConfigs)) {
    if (entry.path().extension() != ".yaml") continue;
    SCOPED_TRACE(entry.path());
    const std::string name = entry.path().stem();
    const FinetuneConfig config = read_finetune_config(entry.path(), {}).values;
    EXPECT_GT(static_cast<double>(config.training.train.steps) + config.training.train.epochs, 0);
    EXPECT_EQ(config.training.optimizer.name, optim::Rule::kAdamW);
    EXPECT_THAT(read_file(entry.path()), ::testing::HasSubstr("albert finetune --config " + name + " --model"));
    names.insert(name);
  }
  EXPECT_THAT(names, ::testing::UnorderedElementsAre("cola", "sst2", "mrpc", "stsb", "qqp", "mnli", "qnli", "rte",
                                                     "wnli", "ax", "squad1", "squad2", "cmrc2018", "conll", "wnut17",
                                                     "ud_pos", "race", "arc", "semeval2010", "classification",
                                                     "regression", "multilabel", "embedding", "quickstart"));
}

TEST(FinetuneConfig, ARecipeByItsNameIsTheFile) {
  EXPECT_EQ(read_finetune_config("cola", {}).to_yaml(), read_finetune_config(kConfigs / "cola.yaml", {}).to_yaml());
  const auto config = read_finetune_config("cola", {"data.path=somewhere"});
  EXPECT_THAT(config.source.locate("task.kind"), ::testing::StartsWith("recipe finetune/cola:"));
  EXPECT_THROW(read_finetune_config("tiny", {}), UsageError) << "it is one of pretraining";
}

TEST(FinetuneConfig, WhatIsWrittenReadsBack) {
  const albert::testing::TemporaryFolder folder;
  const auto config = read_finetune_config(kConfigs / "cola.yaml", {"data.path=somewhere", "model.path=model"});
  EXPECT_EQ(config.values.data.path, fs::current_path() / "somewhere");
  write_file_atomically(folder / "run.yaml", config.to_yaml());
  EXPECT_EQ(read_finetune_config(folder / "run.yaml", {}).to_yaml(), config.to_yaml());
}

TEST(FinetuneConfig, ARunHasOneLength) {
  const auto message = [](const std::vector<std::string>& assignments) -> std::string {
    try {
      read_finetune_config(kConfigs / "cola.yaml", assignments);
      return "";
    } catch (const UsageError& error) {
      return error.what();
    }
  };
  EXPECT_EQ(message({"train.steps=0", "train.epochs=2"}), "");
  EXPECT_THAT(message({"train.steps=0"}), ::testing::HasSubstr("the run has no length"));
}

TEST(FinetuneConfig, ALengthThatIsSetReplacesThatOfTheRecipe) {
  const auto by_epochs = read_finetune_config(kConfigs / "cola.yaml", {"train.epochs=2", "schedule.warmup_ratio=0.1"});
  EXPECT_EQ(by_epochs.values.training.train.steps, 0);
  EXPECT_EQ(by_epochs.values.training.schedule.warmup_steps, 0);
  const auto by_steps = read_finetune_config(kConfigs / "classification.yaml", {"train.steps=20"});
  EXPECT_EQ(by_steps.values.training.train.steps, 20);
  EXPECT_EQ(by_steps.values.training.train.epochs, 0);
}

TEST(FinetuneConfig, SharesOfTheRunBecomeSteps) {
  TrainingConfig training = FinetuneConfig().training;
  training.train.epochs = 2.5;
  training.schedule.warmup_ratio = 0.1;
  training.settle_length([](double epochs) { return static_cast<std::int64_t>(epochs * 100); });
  EXPECT_EQ(training.train.steps, 250);
  EXPECT_EQ(training.schedule.warmup_steps, 25);
  EXPECT_EQ(training.train.epochs, 0);
}

TEST(FinetuneConfig, ACheckpointIsWrittenWithEveryEvaluation) {
  TrainingConfig training = FinetuneConfig().training;
  training.evaluate.every = 100;
  EXPECT_EQ(training.checkpoint_interval(), 100);
  training.evaluate.every = 0;
  EXPECT_EQ(training.checkpoint_interval(), 500);
  training.checkpoint.every = 7;
  EXPECT_EQ(training.checkpoint_interval(), 7);
  training.checkpoint.every = 0;
  EXPECT_EQ(training.checkpoint_interval(), 0);
}

TEST(FinetuneConfig, OnlyGivenDropoutsReplaceTheModels) {
  model::AlbertConfig folder;
  folder.hidden_dropout_prob = 0.2;
  folder.classifier_dropout_prob = 0.3;
  StartingModelConfig config;
  config.hidden_dropout_prob = 0;
  EXPECT_EQ(config.over(folder).hidden_dropout_prob, 0);
  EXPECT_EQ(config.over(folder).classifier_dropout_prob, 0.3);
}

}  // namespace
}  // namespace albert::train
