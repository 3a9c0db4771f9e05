#include "train/series.h"

#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "support/refusal.h"

namespace albert::train {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::refusal;

std::vector<std::string> names_of(const SeriesOptions& options) {
  std::vector<std::string> names;
  for (const SeriesRun& run : runs_of(options, 7, {})) names.push_back(run.name);
  return names;
}

TEST(Series, EveryCombinationIsARun) {
  EXPECT_THAT(names_of({.num_seeds = 3}), ElementsAre("seed-7", "seed-8", "seed-9"));
  EXPECT_THAT(names_of({.num_folds = 2}), ElementsAre("fold-1", "fold-2"));
  const SeriesOptions grid{
      .num_seeds = 2, .num_folds = 0, .sweeps = {"optimizer.learning_rate=1e-4,3e-4", "train.epochs=2"}};
  EXPECT_THAT(names_of(grid), ElementsAre("learning_rate=1e-4,epochs=2,seed-7", "learning_rate=1e-4,epochs=2,seed-8",
                                          "learning_rate=3e-4,epochs=2,seed-7", "learning_rate=3e-4,epochs=2,seed-8"));
  const SeriesRun last = runs_of(grid, 7, {}).back();
  EXPECT_THAT(last.assignments, ElementsAre("optimizer.learning_rate=3e-4", "train.epochs=2", "train.seed=8"));
  EXPECT_THAT(last.settings, ElementsAre(std::pair("optimizer.learning_rate", "3e-4"), std::pair("train.epochs", "2")));
  EXPECT_THAT(runs_of({.num_folds = 2}, 7, {}).back().assignments, ElementsAre("task.fold=2", "task.folds=2"));
}

TEST(Series, FoldersHaveNamesThatFileSystemsTake) {
  EXPECT_THAT(names_of({.sweeps = {"a=d/,d_,d:"}}),
              ElementsAre(::testing::MatchesRegex("a=d_-[0-9a-f]{8}"), "a=d_", ::testing::StartsWith("a=d_-")));
  EXPECT_THAT(names_of({.sweeps = {"a=" + std::string(300, 'x')}}), ElementsAre(::testing::SizeIs(2 + 60)));
  EXPECT_THAT(names_of({.sweeps = {"log.every=1", "evaluate.every=2"}}), ElementsAre("log.every=1,evaluate.every=2"));
  EXPECT_THAT(names_of({.sweeps = {"task.class_weights=balanced,[1, 2]"}}),
              ElementsAre("class_weights=balanced", ::testing::StartsWith("class_weights=_1__2_-")));
}

/// A series that is resumed takes the result of a folder for that of the value.
TEST(Series, AFolderBelongsToAValueInWhateverOrder) {
  const std::string common(70, 'x');
  const std::vector<std::string> values = {common + "1", common + "2", "a/b", "a_b", "a b"};
  const auto folders = [](const std::vector<std::string>& ordered) {
    std::map<std::string, std::string> found;
    const std::vector<std::string> names =
        names_of({.sweeps = {fmt::format("model.path={}", fmt::join(ordered, ","))}});
    for (std::size_t i = 0; i < names.size(); ++i) found[ordered[i]] = names[i];
    return found;
  };
  const auto expected = folders(values);
  std::set<std::string> distinct;
  for (const auto& [value, name] : expected) distinct.insert(name);
  EXPECT_EQ(distinct.size(), values.size());
  EXPECT_EQ(folders({values.rbegin(), values.rend()}), expected);
  EXPECT_EQ(folders({values.begin() + 1, values.end()}).at(values[1]), expected.at(values[1]));
}

TEST(Series, ContradictionsAreRefused) {
  const auto refused = [](const SeriesOptions& options, const std::vector<std::string>& assignments = {}) {
    return refusal<UsageError>([&] { runs_of(options, 1, assignments); });
  };
  for (const char* sweep : {"a", "a=", "=1", "a=1,,2", "a=1,1", "a=1e-3,0.001"}) {
    EXPECT_THAT(refused({.sweeps = {sweep}}), HasSubstr("expected KEY=VALUE,VALUE")) << sweep;
  }
  EXPECT_THAT(refused({.sweeps = {"a=1", "a=2"}}), HasSubstr("a is varied twice"));
  EXPECT_THAT(refused({.num_seeds = 2, .sweeps = {"train.seed=1,2"}}), HasSubstr("train.seed is varied twice"));
  EXPECT_THAT(refused({.num_folds = 2, .sweeps = {"task.folds=3"}}), HasSubstr("task.folds is varied twice"));
  EXPECT_THAT(refused({.sweeps = {"a=1,2"}}, {"a=3"}), HasSubstr("a has a value by --set"));
  EXPECT_THAT(refused({.sweeps = {"model.path=m,n"}}, {"model.path=o"}), HasSubstr("model.path has a value"));
  EXPECT_THAT(refused({.num_folds = 2}, {"task.folds=7"}), HasSubstr("task.folds has a value"));
  EXPECT_THAT(refused({.num_folds = 2}, {"task.fold=1"}), HasSubstr("task.fold has a value"));
  EXPECT_THAT(refused({.num_seeds = 1000, .num_folds = 11}), HasSubstr("at most 10000 runs"));
  EXPECT_THAT(refused({.sweeps = {"task.metric=f1,accuracy"}}), HasSubstr("cannot be compared"));
  EXPECT_THAT(refusal<UsageError>([] { runs_of({.num_seeds = 2}, std::numeric_limits<std::int64_t>::max(), {}); }),
              HasSubstr("train.seed: expected a number with 1 more behind it"));
  EXPECT_NO_THROW(runs_of({.num_seeds = 2}, 5, {"train.seed=5"}));
}

/// The runs of a series with these best values, in their order.
SeriesSummary summary_of(const SeriesOptions& options, const std::vector<std::optional<double>>& values) {
  std::vector<SeriesResult> results;
  for (const SeriesRun& run : runs_of(options, 1, {})) {
    const auto& value = values[results.size()];
    SeriesResult& one = results.emplace_back(SeriesResult{run, {}, {}});
    if (value) one.result.best = checkpoint::BestResult{"accuracy", *value, 10};
    if (!value) one.failure = "no number";
  }
  return {options, std::move(results)};
}

nlohmann::json json_of(const SeriesSummary& summary) {
  return nlohmann::json::parse(summary.to_json());
}

TEST(Series, SeedsHaveAMedianAndFoldsAMean) {
  const auto seeds = json_of(summary_of({.num_seeds = 4}, {0.5, 0.9, 0.7, 0.9}));
  EXPECT_EQ(seeds["metric"], "accuracy");
  EXPECT_EQ(seeds["best"], "seed-2");
  ASSERT_EQ(seeds["groups"].size(), 1u);
  EXPECT_DOUBLE_EQ(seeds["groups"][0]["median"], 0.8);
  EXPECT_EQ(seeds["runs"][2],
            nlohmann::json({{"folder", "seed-3"}, {"settings", {{"train.seed", "3"}}}, {"value", 0.7}, {"step", 10}}));
  const auto folds = json_of(summary_of({.num_folds = 2}, {0.5, 0.9}));
  EXPECT_DOUBLE_EQ(folds["groups"][0]["mean"], 0.7);
  EXPECT_FALSE(folds.contains("best")) << "folds are judged on different examples";
  EXPECT_NEAR(folds["groups"][0]["standard_deviation"], 0.28284, 1e-5);
}

TEST(Series, WhatCouldNotBeComputedIsAbsent) {
  const auto some = json_of(summary_of({.num_seeds = 2}, {std::nullopt, 0.9}));
  EXPECT_FALSE(some["groups"][0].contains("median"));
  EXPECT_EQ(some["best"], "seed-2");
  EXPECT_EQ(some["runs"][0]["failure"], "no number");
  EXPECT_FALSE(some["runs"][0].contains("value"));
  EXPECT_FALSE(json_of(summary_of({.num_seeds = 2}, {std::nullopt, std::nullopt})).contains("best"));
}

TEST(Series, TheBestSettingsAreThoseOfTheBestGroupNotOfTheLuckiestRun) {
  const auto summary = summary_of({.num_seeds = 3, .sweeps = {"a=1,2"}}, {0.1, 0.2, 0.9, 0.5, 0.7, 0.6});
  EXPECT_EQ(json_of(summary)["best_settings"], nlohmann::json({{"a", "2"}}));
  EXPECT_EQ(json_of(summary)["best"], "a=2,seed-2");
  EXPECT_THAT(summary.to_text(), ::testing::EndsWith("\nthe best: a=2\n"));
}

TEST(Series, OfEqualGroupsThatWithTheLowerLossIsTheBest) {
  std::vector<SeriesResult> results;
  const SeriesOptions grid{.sweeps = {"a=1,2,3"}};
  for (const SeriesRun& run : runs_of(grid, 1, {})) {
    const double loss = run.name == "a=2" ? 0.1 : 0.2;
    results.push_back({run, {}, {}});
    results.back().result.best = checkpoint::BestResult{.metric = "accuracy", .value = 0.5, .step = 10, .loss = loss};
  }
  EXPECT_EQ(json_of({grid, results})["best_settings"], nlohmann::json({{"a", "2"}}));
}

TEST(Series, ATableComparesTheSettings) {
  const SeriesOptions grid{.num_seeds = 2, .num_folds = 0, .sweeps = {"train.epochs=2,30"}};
  EXPECT_EQ(summary_of(grid, {0.5, 0.75, 0.5, std::nullopt}).to_text(),
            "train.epochs  accuracy, median of 2 seeds  standard deviation\n"
            "2                                  0.6250              0.1768\n"
            "30                                   none                none\n"
            "the best: train.epochs=2\n");
}

}  // namespace
}  // namespace albert::train
