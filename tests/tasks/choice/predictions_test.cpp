#include "tasks/choice/predictions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert::tasks {
namespace {

using ::testing::HasSubstr;
using ::testing::Pair;

class ChoicePredictions : public ::testing::Test {
 protected:
  ChoicePredictions() { testing::write_file(gold_, "a?,a,b,c,d,B\nb?,a,b,c,,C\nc?,,,,,2\n"); }

  metrics::Report score(std::string_view predictions) const {
    testing::write_file(folder_ / "predictions", predictions);
    return score_choices(gold_, folder_ / "predictions");
  }
  std::string refusal(std::string_view predictions) const {
    try {
      score(predictions);
    } catch (const DataError& error) {
      return error.what();
    }
    return "";
  }

  testing::TemporaryFolder folder_;
  fs::path gold_ = folder_ / "gold.csv";
};

TEST_F(ChoicePredictions, AreWrittenAndScoredAgain) {
  const std::vector<ChoicePrediction> predictions = {{"1", 1, {0.1, 0.7, 0.1, 0.1}}, {"2", 0, {0.5, 0.25, 0.25}}};
  write_choice_predictions(folder_ / "out.tsv", predictions);
  EXPECT_EQ(read_file(folder_ / "out.tsv"),
            "id\tanswer\tprobability_A\tprobability_B\tprobability_C\tprobability_D\n"
            "1\tB\t0.1\t0.7\t0.1\t0.1\n"
            "2\tA\t0.5\t0.25\t0.25\t\n");
  EXPECT_THAT(score_choices(gold_, folder_ / "out.tsv").figures, ::testing::ElementsAre(Pair("accuracy", 0.5)));
}

TEST_F(ChoicePredictions, AreScoredAsTheLeaderboardTakesThem) {
  EXPECT_THAT(score("2,C\n1,B\n").figures, ::testing::ElementsAre(Pair("accuracy", 1)));
  EXPECT_THAT(score("2,A\n1,A\n3,A\n").figures, ::testing::ElementsAre(Pair("accuracy", 0)));
}

TEST_F(ChoicePredictions, ThatDoNotFitAreRefused) {
  EXPECT_THAT(refusal("1,B\n"), HasSubstr("no answer for the question 2"));
  EXPECT_THAT(refusal("1,B\n2,C\n9,A\n"), HasSubstr("has no question 9"));
  EXPECT_THAT(refusal("1,B\n2,C\n1,A\n"), HasSubstr(":3: the id 1 occurs twice"));
  EXPECT_THAT(refusal("1,B\n2,D\n"), HasSubstr(":2: expected a letter from A to C, found 'D'"));
  EXPECT_THAT(refusal("1\n"), HasSubstr(":1: expected an id and the letter of a choice"));
}

TEST(ChoiceCounts, JudgesGroupsApart) {
  ChoiceCounts counts;
  counts.add(true, "middle");
  counts.add(false, "middle");
  counts.add(true, "high");
  counts.add(true, "high");
  EXPECT_THAT(counts.judge().figures,
              ::testing::ElementsAre(Pair("accuracy", 0.75), Pair("accuracy_middle", 0.5), Pair("accuracy_high", 1)));
  EXPECT_TRUE(ChoiceCounts().judge().figures.empty());
}

}  // namespace
}  // namespace albert::tasks
