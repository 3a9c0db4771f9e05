#include "train/resume_check.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/refusal.h"

namespace albert::train {
namespace {

config::Node node(const std::string& yaml) {
  return config::parse_text(yaml, {});
}

TEST(CheckResumedSettings, SurroundingsMayChange) {
  const auto before = node("data: {corpus: /a, threads: 1}\nlog: {every: 1}\ntrain: {steps: 10, threads: 2}\n");
  const auto now = node("data: {corpus: /b, threads: 4}\nlog: {every: 0}\ntrain: {steps: 20, threads: 1}\n");
  EXPECT_THAT(
      check_resumed_settings(before, now, "--model"),
      ::testing::UnorderedElementsAre("data.corpus: was /a, now /b", "data.threads: was 1, now 4",
                                      "log.every: was 1, now 0", ::testing::StartsWith("train.steps: was 10, now 20 ("),
                                      ::testing::StartsWith("train.threads: was 2, now 1 (")));
  EXPECT_TRUE(check_resumed_settings(before, before, "--model").empty());
}

TEST(CheckResumedSettings, FoldersOfCorporaMayMoveAndWeightsMayNotChange) {
  const auto before = node("data: {corpora: [{corpus: /a, weight: 1}, {corpus: /b, weight: 2}]}\n");
  const auto moved = node("data: {corpora: [{corpus: /c, weight: 1}, {corpus: /b, weight: 2}]}\n");
  EXPECT_THAT(check_resumed_settings(before, moved, "--model"),
              ::testing::ElementsAre("data.corpora[0].corpus: was /a, now /c"));
  EXPECT_EQ(differing_settings(before, moved), "");
  const auto other = node("data: {corpora: [{corpus: /a, weight: 1}, {corpus: /b, weight: 3}]}\n");
  try {
    check_resumed_settings(before, other, "--model");
    ADD_FAILURE();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("data.corpora[1].weight: was 2, now 3"));
  }
  EXPECT_EQ(differing_settings(before, other), "\n  data.corpora[1].weight: 3 instead of 2");
  const auto single = node("data: {corpus: /a, corpora: [], sampling_temperature: null}\n");
  EXPECT_THAT(check_resumed_settings(node("data: {corpus: /a}\n"), single, "--model"), ::testing::SizeIs(2))
      << "a run of before there were several";
}

TEST(CheckResumedSettings, AnotherModelToBeginWithChangesNoWeights) {
  const auto notes = check_resumed_settings(node("model: {path: /a}\n"), node("model: {path: /b}\n"), "--model");
  EXPECT_THAT(notes, ::testing::ElementsAre("model.path: was /a, now /b (the weights are those of the checkpoint)"));
}

TEST(CheckResumedSettings, ARunByTheClockMayHaveMoreTimeUnlessItGrows) {
  const auto before = node("train: {minutes: 1, clock: /a}\n"), now = node("train: {minutes: 2, clock: /b}\n");
  EXPECT_THAT(
      check_resumed_settings(before, now, "--model"),
      ::testing::ElementsAre("train.clock: was /a, now /b", ::testing::StartsWith("train.minutes: was 1, now 2 (")));
  const std::string growth = "data: {masking_rate: {0: 0.3, 1: 0.15}}\n";
  EXPECT_THAT(albert::testing::refusal<UsageError>([&] {
                check_resumed_settings(node("train: {minutes: 1}\n" + growth), node("train: {minutes: 2}\n" + growth),
                                       "--model");
              }),
              ::testing::HasSubstr("train.minutes: was 1, now 2 (the shares in data.masking_rate are of it)"));
}

TEST(CheckResumedSettings, TheWarmUpMayFollowTheLength) {
  const auto before = node("train: {steps: 10}\nschedule: {warmup_steps: 1}\n");
  const auto longer = node("train: {steps: 20}\nschedule: {warmup_steps: 2}\n");
  EXPECT_THAT(check_resumed_settings(before, longer, "--model"), ::testing::SizeIs(2));
  const auto other = node("train: {steps: 10}\nschedule: {warmup_steps: 2}\n");
  EXPECT_THROW(check_resumed_settings(before, other, "--model"), UsageError);
}

TEST(CheckResumedSettings, WhatIsLearntMayNot) {
  const auto before = node("train: {seed: 1, batch_size: 8}\nmodel: {hidden_size: 32}\nold: 1\n");
  const auto now = node("train: {seed: 2, batch_size: 8}\nmodel: {hidden_size: 64}\n");
  try {
    check_resumed_settings(before, now, "--model");
    ADD_FAILURE();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), ::testing::AllOf(::testing::HasSubstr("train.seed: was 1, now 2"),
                                               ::testing::HasSubstr("model.hidden_size: was 32, now 64"),
                                               ::testing::HasSubstr("old: was 1, now absent"),
                                               ::testing::HasSubstr("with --model and another --run-dir"),
                                               ::testing::Not(::testing::HasSubstr("batch_size"))));
  }
}

}  // namespace
}  // namespace albert::train
