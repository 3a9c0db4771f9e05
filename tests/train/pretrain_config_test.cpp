#include "train/pretrain_config.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "support/temporary_folder.h"

namespace albert::train {
namespace {

const fs::path kConfigs = "configs";

TEST(PretrainConfig, EveryFileIsInOrder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(kConfigs / "pretrain")) {
    if (entry.path().extension() != ".yaml") continue;
    SCOPED_TRACE(entry.path());
    EXPECT_GE(read_pretrain_config(entry.path(), {}).values.training.train.steps, 1);
    names.insert(entry.path().stem());
  }
  EXPECT_THAT(names, ::testing::UnorderedElementsAre("tiny", "quickstart", "hour-first", "hour", "base", "large",
                                                     "xlarge", "xxlarge"));
}

TEST(PretrainConfig, ARecipeByItsNameIsTheFile) {
  for (const auto& entry : fs::directory_iterator(kConfigs / "pretrain")) {
    if (entry.path().extension() != ".yaml") continue;
    SCOPED_TRACE(entry.path());
    EXPECT_EQ(read_pretrain_config(entry.path().stem(), {}).to_yaml(),
              read_pretrain_config(entry.path(), {}).to_yaml());
  }
}

// arXiv 1909.11942, section 4.1 and table 1.
TEST(PretrainConfig, TheLargeOnesHoldThePapersValues) {
  for (const auto& [name, hidden_size] :
       {std::pair{"base", 768}, {"large", 1024}, {"xlarge", 2048}, {"xxlarge", 4096}}) {
    SCOPED_TRACE(name);
    const PretrainConfig config =
        read_pretrain_config(kConfigs / "pretrain" / (std::string(name) + ".yaml"), {}).values;
    EXPECT_EQ(config.model.hidden_size, hidden_size);
    EXPECT_EQ(config.training.optimizer.name, optim::Rule::kLamb);
    EXPECT_EQ(config.training.optimizer.learning_rate, 0.00176);
    EXPECT_EQ(config.training.schedule.warmup_steps, 3125);
    EXPECT_EQ(config.training.train.steps, 125000);
    EXPECT_EQ(config.training.train.batch_size, 4096);
    EXPECT_EQ(config.data.examples.max_sequence_length, 512);
  }
}

TEST(PretrainConfig, WhatIsWrittenReadsBack) {
  const albert::testing::TemporaryFolder folder;
  const WrittenPretrainConfig config = read_pretrain_config(kConfigs / "pretrain/tiny.yaml", {"data.corpus=somewhere"});
  EXPECT_EQ(config.values.data.corpus, fs::current_path() / "somewhere");
  write_file_atomically(folder / "run.yaml", config.to_yaml());
  EXPECT_EQ(read_pretrain_config(folder / "run.yaml", {}).to_yaml(), config.to_yaml());
}

TEST(PretrainConfig, ContradictionsAreFound) {
  try {
    read_pretrain_config(kConfigs / "pretrain/tiny.yaml", {"data.max_sequence_length=256"});
    ADD_FAILURE();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("is 256, but model.max_position_embeddings is 128"));
  }
}

TEST(ReadModelShape, TakesWhateverDescribesAModel) {
  EXPECT_EQ(read_model_shape(kConfigs / "model/tiny.yaml").hidden_size, 32);
  EXPECT_EQ(read_model_shape(kConfigs / "pretrain/tiny.yaml").hidden_size, 32);
  EXPECT_EQ(read_model_shape("tiny").hidden_size, 32);
  EXPECT_EQ(read_model_shape("base").hidden_size, 768) << "of pretraining";
  const albert::testing::TemporaryFolder folder;
  write_file_atomically(folder / "config.json", R"({"model_type": "albert", "vocab_size": 7, "hidden_size": 64})");
  EXPECT_EQ(read_model_shape(folder.path()).hidden_size, 64);
  EXPECT_EQ(read_model_shape(folder / "config.json").vocab_size, 7);
  EXPECT_THROW(read_model_shape(folder / "none"), UsageError);
  fs::create_directories(folder / "run/checkpoints/best");
  fs::rename(folder / "config.json", folder / "run/checkpoints/best/config.json");
  EXPECT_EQ(read_model_shape(folder / "run").vocab_size, 7);
}

}  // namespace
}  // namespace albert::train
