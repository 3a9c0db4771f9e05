#include "train/pretrain_config.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"

namespace albert::train {
namespace {

const fs::path kConfigs = "configs";

TEST(PretrainConfig, EveryFileIsInOrder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(kConfigs / "pretrain")) {
    if (entry.path().extension() != ".yaml") continue;
    SCOPED_TRACE(entry.path());
    EXPECT_GE(read_pretrain_config(entry.path(), {}).values.training.train.length().count, 1);
    names.insert(entry.path().stem());
  }
  EXPECT_THAT(names, ::testing::UnorderedElementsAre("tiny", "quickstart", "ten-minutes", "hour", "night", "base",
                                                     "large", "xlarge", "xxlarge"));
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

std::string mistakes_of(const std::vector<std::string>& assignments) {
  return albert::testing::refusal<UsageError>([&] { read_pretrain_config("tiny", assignments); });
}

TEST(PretrainConfig, ARunByTheClockCountsNoUpdates) {
  const TrainingConfig training =
      read_pretrain_config("quickstart", {"train.minutes=2", "schedule.warmup_ratio=0.1", "schedule.rewarm_ratio=0.1"})
          .values.training;
  EXPECT_EQ(training.train.steps, 0) << "what is set last says how long the run is";
  EXPECT_EQ(training.train.length().count, 120'000);
  EXPECT_EQ(optim::Schedule(training.schedule, 1, training.train.length()).at(6000), 0.5);
  EXPECT_EQ(read_pretrain_config("hour", {"train.steps=5"}).values.training.train.length().count, 5);
  EXPECT_THAT(
      mistakes_of({"train.minutes=2", "schedule.warmup_steps=3"}),
      ::testing::HasSubstr("schedule.warmup_steps: counts updates, but how many there are in train.minutes depends "
                           "on the computer; give schedule.warmup_ratio, a share of the run"));
  EXPECT_THAT(mistakes_of({"train.minutes=2", "schedule.decay_steps=3"}),
              ::testing::HasSubstr("give schedule.decay_ratio"));
  EXPECT_THAT(mistakes_of({"train.clock=clock.txt"}),
              ::testing::HasSubstr("train.clock: has no effect without train.minutes"));
}

TEST(PretrainConfig, SeveralCorporaAreReadAndWrittenBack) {
  const albert::testing::TemporaryFolder folder;
  const WrittenPretrainConfig config =
      read_pretrain_config("tiny", {"data.corpora=[{corpus: a, weight: 0.7}, {corpus: /b, weight: 0.3}]"});
  const auto& corpora = config.values.data.corpora;
  ASSERT_EQ(corpora.size(), 2U);
  EXPECT_EQ(corpora[0].corpus, fs::current_path() / "a");
  EXPECT_EQ(corpora[1].weight, 0.3);
  write_file_atomically(folder / "run.yaml", config.to_yaml());
  EXPECT_EQ(read_pretrain_config(folder / "run.yaml", {}).to_yaml(), config.to_yaml());
  EXPECT_THAT(config.to_yaml(/*with_origins=*/true), ::testing::HasSubstr("weight: 0.7  # --set data.corpora"));
  const WrittenPretrainConfig by_size =
      read_pretrain_config("tiny", {"data.corpora=[{corpus: a}, {corpus: b}]", "data.sampling_temperature=5"});
  EXPECT_EQ(by_size.values.data.sampling_temperature, 5);
}

TEST(PretrainConfig, ContradictionsOfCorporaAreFound) {
  EXPECT_THAT(mistakes_of({"data.corpus=a", "data.corpora=[{corpus: a}]"}),
              ::testing::HasSubstr("data.corpora: data.corpus names a corpus, too; keep one of the two"));
  EXPECT_THAT(
      mistakes_of({"data.corpora=[{corpus: a, weight: 0}, {corpus: b, weight: -1}]"}),
      ::testing::AllOf(::testing::HasSubstr("data.corpora[0].weight: expected a number greater than 0, found 0"),
                       ::testing::HasSubstr("data.corpora[1].weight: expected a number greater than 0, found -1")));
  EXPECT_THAT(mistakes_of({"data.corpora=[{corpus: a, weight: 1}, {corpus: b}]"}),
              ::testing::HasSubstr("data.corpora[1].weight: is missing; give each corpus a weight, or none of them"));
  EXPECT_THAT(mistakes_of({"data.corpora=[{weight: 1}]"}),
              ::testing::HasSubstr("data.corpora[0].corpus: names no folder"));
  EXPECT_THAT(mistakes_of({"data.corpora=[{corpus: a}, {corpus: ./a}]"}),
              ::testing::HasSubstr("data.corpora[1].corpus: names the folder of data.corpora[0] again"));
  const albert::testing::TemporaryFolder folder;
  fs::create_directory(folder / "a");
  fs::create_directory_symlink("a", folder / "link");
  EXPECT_THAT(
      mistakes_of({fmt::format("data.corpora=[{{corpus: {0}/a}}, {{corpus: {0}/link}}]", folder.path().string())}),
      ::testing::HasSubstr("data.corpora[1].corpus: names the folder of data.corpora[0] again"));
  EXPECT_THAT(mistakes_of({"data.corpora=[{corpus: a, weight: 1}]", "data.sampling_temperature=2"}),
              ::testing::HasSubstr("data.sampling_temperature: has no effect beside the weights of data.corpora"));
  EXPECT_THAT(mistakes_of({"data.corpus=a", "data.sampling_temperature=2"}),
              ::testing::HasSubstr("data.sampling_temperature: has no effect without data.corpora"));
  EXPECT_THAT(mistakes_of({"data.corpora=[{corpus: a}]", "data.sampling_temperature=0.5"}),
              ::testing::HasSubstr("expected a number greater than or equal to 1, found 0.5"));
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
