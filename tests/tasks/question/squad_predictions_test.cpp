#include "tasks/question/squad_predictions.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "support/temporary_folder.h"

namespace albert::tasks {
namespace {

const std::vector<PredictedAnswer> kAnswers = {
    {.id = "q2",
     .text = "a \"cat\"\n中",
     .null_odds = -3.5,
     .n_best = {{"a \"cat\"\n中", 0.75, 2, 1.5}, {"", 0.25, 1, 0}}},
    {.id = "q1", .text = "", .null_odds = 4, .n_best = {}},
};

TEST(SquadPredictions, KeepTheOrderOfTheQuestions) {
  const testing::TemporaryFolder folder;
  write_answers(folder / "predictions.json", kAnswers);
  const auto read = nlohmann::ordered_json::parse(read_file(folder / "predictions.json"));
  EXPECT_EQ(read.dump(), R"({"q2":"a \"cat\"\n中","q1":""})");
}

TEST(SquadPredictions, NBestListsHaveTheNamesOfGooglesScript) {
  const testing::TemporaryFolder folder;
  write_n_best(folder / "n_best.json", kAnswers);
  const auto read = nlohmann::ordered_json::parse(read_file(folder / "n_best.json"));
  ASSERT_EQ(read["q2"].size(), 2U);
  EXPECT_EQ(read["q2"][1].dump(), R"({"text":"","probability":0.25,"start_logit":1.0,"end_logit":0.0})");
  EXPECT_TRUE(read["q1"].empty());
}

TEST(SquadPredictions, NullOddsAreNumbers) {
  const testing::TemporaryFolder folder;
  write_null_odds(folder / "null_odds.json", kAnswers);
  const auto read = nlohmann::json::parse(read_file(folder / "null_odds.json"));
  EXPECT_EQ(read, nlohmann::json({{"q2", -3.5}, {"q1", 4.0}}));
}

}  // namespace
}  // namespace albert::tasks
