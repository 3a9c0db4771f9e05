#include "train/pretraining_objective.h"

#include <algorithm>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checkpoint/model_folder.h"
#include "optim/optimizer.h"
#include "support/alone.h"
#include "support/random_documents.h"
#include "support/refusal.h"
#include "support/small_corpus.h"
#include "support/small_model.h"
#include "support/temporary_folder.h"

namespace albert::train {
namespace {

using albert::testing::FakeTokenizer;
using albert::testing::SmallCorpus;

constexpr double kDropout = 0.2;  // not zero: what falls must not depend on how a batch is split either

class PretrainingTaskTest : public ::testing::Test {
 protected:
  PretrainingObjective make(const PretrainingOptions& options, bool with_held_out = true) {
    SmallCorpus content;
    content.train = albert::testing::random_documents({.num_documents = 6}, 1);
    if (with_held_out) content.held_out = albert::testing::random_documents({.num_documents = 3}, 2);
    const auto corpus = albert::testing::open_corpus(folder_ / std::to_string(num_corpora_++), content);
    corpus::ExampleConfig examples;
    examples.max_sequence_length = 32;
    return {model_, corpus, std::make_shared<FakeTokenizer>(), examples, options};
  }

  /// Loss, sums and gradients of an update of eight examples in micro-batches of `size`.
  struct Outcome {
    double loss = 0;
    at::Tensor sums;
    std::vector<at::Tensor> gradients;
  };
  Outcome update(PretrainingObjective& task, std::int64_t size) {
    constexpr std::int64_t kNumExamples = 8;
    const auto epoch = task.epoch(0, 0);
    std::vector<std::unique_ptr<MicroBatch>> parts;
    TargetCounts totals{0, 0};
    for (std::int64_t first = 0; first < kNumExamples; first += size) {
      parts.push_back(epoch->make(static_cast<std::uint64_t>(first), std::min(size, kNumExamples - first), first, 0));
      for (std::size_t i = 0; i < 2; ++i) totals[i] += parts.back()->num_targets[i];
    }
    Outcome outcome;
    task.begin_update(5);
    for (const auto& part : parts) {
      const Loss loss = task.loss(*part, totals);
      loss.value.backward();
      outcome.loss += loss.value.item<double>();
      outcome.sums = outcome.sums.defined() ? outcome.sums + loss.sums : loss.sums;
    }
    for (const auto& [name, parameter] : task.model(0).parameters) {
      outcome.gradients.push_back(parameter.grad().clone());
      parameter.mutable_grad().reset();
    }
    return outcome;
  }

  albert::testing::TemporaryFolder folder_;
  std::shared_ptr<model::AlbertForPretraining> model_ = testing::make_model(kDropout);
  int num_corpora_ = 0;
};

TEST_F(PretrainingTaskTest, MicroBatchesAddUpToTheLargeBatch) {
  PretrainingObjective task = make({.seed = 3});
  const Outcome whole = update(task, 8);
  const Outcome parts = update(task, 3);
  EXPECT_NEAR(whole.loss, parts.loss, 1e-5);
  EXPECT_TRUE(at::allclose(whole.sums, parts.sums, 1e-6));
  for (std::size_t i = 0; i < whole.gradients.size(); ++i) {
    EXPECT_TRUE(at::allclose(whole.gradients[i], parts.gradients[i], 1e-4, 1e-6)) << task.model(0).parameters[i].name;
  }
}

TEST_F(PretrainingTaskTest, TheLossIsThatOfTheFigures) {
  PretrainingObjective task = make({.seed = 3});
  const Outcome outcome = update(task, 4);
  const auto* sums = outcome.sums.const_data_ptr<double>();
  const metrics::Figures figures = task.figures({sums, task.num_sums()});
  EXPECT_NEAR(metrics::find(figures, "loss").value(), outcome.loss, 1e-5);
  EXPECT_EQ(sums[5], 8);  // every example has an order label
  EXPECT_LE(sums[1], sums[2]);
}

TEST_F(PretrainingTaskTest, EvaluatesOnTheSameExamplesEveryTime) {
  PretrainingObjective task = make({.seed = 3, .evaluation_batch_size = 2});
  PretrainingObjective other_seed = make({.seed = 4, .evaluation_batch_size = 100});
  const auto first = task.evaluate(albert::testing::alone(), 0);
  const auto second = task.evaluate(albert::testing::alone(), 0);
  const auto third = other_seed.evaluate(albert::testing::alone(), 0);
  ASSERT_TRUE(first && second && third);
  EXPECT_EQ(first->figures, second->figures);
  for (std::size_t i = 0; i < first->figures.size(); ++i) {
    EXPECT_EQ(first->figures[i].first, third->figures[i].first);
    EXPECT_NEAR(first->figures[i].second, third->figures[i].second, 1e-5);
  }
  EXPECT_EQ(first->metric, "loss");
  EXPECT_EQ(first->value, metrics::find(first->figures, "loss"));
  EXPECT_GT(metrics::find(first->figures, "constant_guess_mlm_accuracy"), 0.01);
}

TEST_F(PretrainingTaskTest, WhatChangesTheWeightsIsSeenByTheNextPass) {
  for (const auto precision : {model::Precision::kFloat32, model::Precision::kBFloat16}) {
    model_ = testing::make_model(kDropout, {.precision = precision});
    PretrainingObjective task = make({.seed = 3});
    const auto before = task.evaluate(albert::testing::alone(), 0)->figures;
    optim::Optimizer optimizer({.name = optim::Rule::kAdamW}, task.model(0).parameters);
    for (const auto& [name, parameter] : task.model(0).parameters)
      parameter.mutable_grad() = parameter.detach().clone();
    optimizer.step(0.05);
    const auto after = task.evaluate(albert::testing::alone(), 0)->figures;
    EXPECT_NE(after, before);
    const fs::path saved = folder_ / fmt::format("model-{}", num_corpora_);
    checkpoint::save_model(saved, task.model(0));

    model_ = testing::make_model(kDropout, {.precision = precision});
    PretrainingObjective other = make({.seed = 3});
    EXPECT_EQ(other.evaluate(albert::testing::alone(), 0)->figures, before);
    checkpoint::load_parameters(saved, other.model(0).parameters, checkpoint::Match::kExact);
    EXPECT_EQ(other.evaluate(albert::testing::alone(), 0)->figures, after);
  }
}

TEST_F(PretrainingTaskTest, EvaluatesOnNoMoreSequencesThanAsked) {
  PretrainingObjective all = make({});
  PretrainingObjective one = make({.max_evaluation_sequences = 1});
  EXPECT_NE(all.evaluate(albert::testing::alone(), 0)->figures, one.evaluate(albert::testing::alone(), 0)->figures);
  const double sop_accuracy = metrics::find(one.evaluate(albert::testing::alone(), 0)->figures, "sop_accuracy").value();
  EXPECT_TRUE(sop_accuracy == 0 || sop_accuracy == 1);
}

TEST_F(PretrainingTaskTest, WithoutHeldOutDocumentsThereIsNoEvaluation) {
  EXPECT_FALSE(make({}, /*with_held_out=*/false).evaluate(albert::testing::alone(), 0).has_value());
}

/// Opens two corpora with 6 held-out documents each.
corpus::CorpusMix open_two(const fs::path& folder, double first_weight, double second_weight) {
  for (const std::uint64_t seed : {1, 2}) {
    SmallCorpus content;
    content.train = albert::testing::random_documents({.num_documents = 6}, seed);
    content.held_out = albert::testing::random_documents({.num_documents = 6}, seed + 10);
    albert::testing::write_corpus(folder / std::string(1, "ab"[seed - 1]), content);
  }
  return corpus::CorpusMix::open({{folder / "a", first_weight}, {folder / "b", second_weight}}, 1);
}

corpus::ExampleConfig short_examples() {
  corpus::ExampleConfig examples;
  examples.max_sequence_length = 32;
  return examples;
}

TEST_F(PretrainingTaskTest, EvaluatesSeveralCorporaByTheirWeightsAndEachAlone) {
  const auto tokenizer = std::make_shared<FakeTokenizer>();
  const corpus::ExampleConfig examples = short_examples();
  const corpus::CorpusMix mix = open_two(folder_ / "two", 3, 1);
  PretrainingObjective two(model_, mix, tokenizer, examples, {.max_evaluation_sequences = 20});
  EXPECT_EQ(two.epoch_parts().size(), 2U);
  EXPECT_EQ(two.epoch(0, 0)->size(), two.epoch_parts()[0].num_examples + two.epoch_parts()[1].num_examples);
  const auto found = two.evaluate(albert::testing::alone(), 0);
  ASSERT_TRUE(found.has_value());
  const auto figure = [&](const char* name) { return metrics::find(found->figures, name).value(); };
  // Those of each are what a run on it alone finds, whose evaluation does not depend on the other corpus.
  double order = 0;
  for (const auto& [name, index, count] : {std::tuple("a", 0, 15), {"b", 1, 5}}) {
    PretrainingObjective alone(model_, mix.components()[static_cast<std::size_t>(index)].corpus, tokenizer, examples,
                               {.max_evaluation_sequences = count});
    const auto of_one = alone.evaluate(albert::testing::alone(), 0);
    for (const auto& [own_name, value] : of_one->figures) {
      if (own_name.starts_with("constant")) continue;
      EXPECT_NEAR(figure((std::string(name) + "_" + own_name).c_str()), value, 1e-9) << own_name;
      if (own_name == "sop_loss") order += value * count / 20;
    }
  }
  EXPECT_NEAR(figure("sop_loss"), order, 1e-9) << "one target a sequence: the mean by weight";
  EXPECT_EQ(found->value, figure("loss"));
  EXPECT_GT(figure("constant_guess_mlm_accuracy"), 0);
}

// The held-out part of the heavier corpus is too small for its share: its examples count more.
TEST_F(PretrainingTaskTest, AWeightCountsWhateverTheSizeOfTheHeldOutPart) {
  const corpus::CorpusMix mix = open_two(folder_ / "two", 1, 1);
  const auto parts = open_held_out(mix, FakeTokenizer(), short_examples(), 0);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].num_examples, parts[0].examples->size());
  EXPECT_NEAR(parts[0].weight * static_cast<double>(parts[0].num_examples),
              parts[1].weight * static_cast<double>(parts[1].num_examples), 1e-9);
  const auto few = open_held_out(mix, FakeTokenizer(), short_examples(), 3);
  EXPECT_EQ(few[0].num_examples, 2U);
  EXPECT_EQ(few[1].num_examples, 1U);
  EXPECT_NEAR(few[0].weight, 0.75, 1e-9);
  EXPECT_NEAR(few[1].weight, 1.5, 1e-9);
  const auto batches = batches_of(parts, 4);
  std::int64_t total = 0;
  for (const HeldOutBatch& batch : batches) total += batch.count;
  EXPECT_EQ(total, static_cast<std::int64_t>(parts[0].num_examples + parts[1].num_examples));
}

TEST_F(PretrainingTaskTest, ADamagedShardEndsTheRunBeforeTheNextUpdate) {
  const corpus::CorpusMix mix = open_two(folder_ / "two", 1, 1);
  std::fstream shard(folder_ / "two/b/train-00000.shard", std::ios::in | std::ios::out | std::ios::binary);
  shard.seekp(40);
  shard.put(99);
  shard.close();
  const corpus::ShardCheck check(mix.all());
  check.wait();
  PretrainingObjective task(model_, mix, std::make_shared<FakeTokenizer>(), short_examples(), {.shard_check = &check});
  const auto refusal_at = [&](std::int64_t step) {
    return albert::testing::refusal<DataError>([&] { task.begin_update(step); });
  };
  EXPECT_THAT(refusal_at(7), ::testing::AllOf(::testing::HasSubstr("two/b/train-00000.shard: damaged since"),
                                              ::testing::Not(::testing::HasSubstr("updates of this sitting"))));
  EXPECT_THROW(task.require_sound_data(7), DataError) << "before a checkpoint";
  EXPECT_THAT(refusal_at(9), ::testing::HasSubstr("The updates of this sitting, 8 to 9, may have learnt from it: go on "
                                                  "from a checkpoint up to step 7, and move later ones away"));
}

TEST_F(PretrainingTaskTest, SavesWhatTransformersOpens) {
  const checkpoint::ModelContents parts = make({}).model(0);
  std::set<std::string> names;
  for (const auto& [name, tensor] : parts.parameters) names.insert(name);
  EXPECT_TRUE(names.contains("albert.embeddings.word_embeddings.weight"));
  EXPECT_TRUE(names.contains("predictions.bias"));
  EXPECT_FALSE(names.contains("predictions.decoder.weight"));
  EXPECT_THAT(parts.config_json, ::testing::HasSubstr("AlbertForPreTraining"));
  EXPECT_EQ(parts.max_length, 64);
}

}  // namespace
}  // namespace albert::train
