#include "train/finetune.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace albert::train {
namespace {

SeedResult result(std::int64_t seed, std::optional<double> value) {
  SeedResult result{seed, "runs/seed-" + std::to_string(seed), {}};
  if (value) result.run.best = {"accuracy", *value, 10 * seed};
  return result;
}

nlohmann::json json_of(const std::vector<SeedResult>& results) {
  return nlohmann::json::parse(to_json(results));
}

TEST(Seeds, TheMedianAndTheBestAreNamed) {
  const auto object = json_of({result(1, 0.5), result(2, 0.9), result(3, 0.7), result(4, 0.9)});
  EXPECT_EQ(object["metric"], "accuracy");
  EXPECT_DOUBLE_EQ(object["median"], 0.8);
  EXPECT_EQ(object["best"], "seed-2");
  EXPECT_EQ(object["runs"].size(), 4u);
  EXPECT_EQ(object["runs"][2], nlohmann::json({{"seed", 3}, {"folder", "seed-3"}, {"value", 0.7}, {"step", 30}}));
}

TEST(Seeds, WhatCouldNotBeComputedIsAbsent) {
  const auto some = json_of({result(1, std::nullopt), result(2, 0.9)});
  EXPECT_FALSE(some.contains("median"));
  EXPECT_EQ(some["best"], "seed-2");
  EXPECT_EQ(some["runs"][0], nlohmann::json({{"seed", 1}, {"folder", "seed-1"}}));
  EXPECT_FALSE(json_of({result(1, std::nullopt)}).contains("best"));
}

}  // namespace
}  // namespace albert::train
