#include "tasks/choice/answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "tasks/choice/readers.h"
#include "tasks/choice/task.h"
#include "tasks/task.h"

namespace albert::tasks {
namespace {

using ::testing::HasSubstr;
using ::testing::Pair;

class ChoiceAnswers : public ::testing::Test {
 protected:
  ChoiceAnswers() { testing::write_file(gold_, "a?,a,b,c,d,B\nb?,a,b,c,,C\nc?,,,,,2\n"); }

  metrics::Report score_file(const fs::path& predictions) const {
    const auto task = make_task({.config = TaskConfig(multiple_choice_type())}, nullptr);
    return task->score({.gold = gold_, .predictions = predictions});
  }
  metrics::Report score(std::string_view predictions) const {
    testing::write_file(folder_ / "predictions", predictions);
    return score_file(folder_ / "predictions");
  }
  std::string refusal(std::string_view predictions) const {
    return testing::refusal<DataError>([&] { score(predictions); });
  }

  testing::TemporaryFolder folder_;
  fs::path gold_ = folder_ / "gold.csv";
};

TEST_F(ChoiceAnswers, AreWrittenAndScoredAgain) {
  const std::vector<ChoiceAnswer> answers = {{1, {0.1, 0.7, 0.1, 0.1}}, {0, {0.5, 0.25, 0.25}}};
  write_choice_answers(read_choices(gold_), answers, ChoiceForm::kUnsaid, folder_ / "out.tsv");
  EXPECT_EQ(read_file(folder_ / "out.tsv"),
            "id\tanswer\tprobability_A\tprobability_B\tprobability_C\tprobability_D\n"
            "1\tB\t0.1\t0.7\t0.1\t0.1\n"
            "2\tA\t0.5\t0.25\t0.25\t\n");
  EXPECT_THAT(score_file(folder_ / "out.tsv").figures, ::testing::ElementsAre(Pair("accuracy", 0.5)));
}

TEST_F(ChoiceAnswers, TakeTheFormOfTheGoldFile) {
  const std::pair<std::string_view, const char*> files[] = {
      {"a?,a,b,c,d,2\n", "1\t2"},
      {"a?,a,b,c,d\n", "1\tB"},
      {"startphrase,sent1,sent2,ending0,ending1,ending2,ending3,label\nx,a,b,c,d,e,f,1\n", "1\t1"}};
  for (const auto& [content, row] : files) {
    testing::write_file(gold_, content);
    const ChoiceFile file = read_choices(gold_);
    write_choice_answers(file, std::vector<ChoiceAnswer>{{1, {}}}, ChoiceForm::kUnsaid, folder_ / "out.tsv");
    EXPECT_EQ(read_file(folder_ / "out.tsv"), std::string("id\tanswer\n") + row + "\n");
    EXPECT_EQ(choice_of(file.records[0], std::string(row).substr(2)), 1);
    EXPECT_EQ(choice_of(file.records[0], "C"), 2) << "a letter is understood";
  }
}

TEST_F(ChoiceAnswers, AreScoredAsTheLeaderboardTakesThem) {
  EXPECT_THAT(score("2,C\n1,B\n").figures, ::testing::ElementsAre(Pair("accuracy", 1)));
  EXPECT_THAT(score("2,A\n1,A\n3,A\n").figures, ::testing::ElementsAre(Pair("accuracy", 0)));
}

TEST_F(ChoiceAnswers, ThatDoNotFitAreRefused) {
  EXPECT_THAT(refusal("1,B\n"), HasSubstr("no answer for the question 2"));
  EXPECT_THAT(refusal("1,B\n2,C\n9,A\n"), HasSubstr("has no question 9"));
  EXPECT_THAT(refusal("1,B\n2,C\n1,A\n"), HasSubstr(":3: the id 1 occurs twice"));
  EXPECT_THAT(refusal("1,B\n2,D\n"), HasSubstr(":2: expected a choice from A to C, found 'D'"));
  EXPECT_THAT(refusal("1\n"), HasSubstr(":1: expected an id and a choice"));
}

TEST_F(ChoiceAnswers, ToUnlabelledQuestionsAreNotScored) {
  testing::write_file(gold_, "a?,a,b,c,d\n");
  EXPECT_THAT(refusal("1,B\n"), HasSubstr("gold.csv:1: the question has no answer to score by"));
}

TEST(JudgeChoices, GroupsApart) {
  ChoiceFile file;
  for (const char* group : {"middle", "middle", "high", "high"}) {
    file.records.push_back({.place = {}, .label = 0, .group = group});
  }
  const std::vector<ChoiceAnswer> answers = {{.choice = 0}, {.choice = 1}, {.choice = 0}, {.choice = 0}};
  EXPECT_THAT(judge_choices(file, answers).figures,
              ::testing::ElementsAre(Pair("accuracy", 0.75), Pair("accuracy_middle", 0.5), Pair("accuracy_high", 1)));
  EXPECT_TRUE(judge_choices({}, {}).figures.empty());
}

}  // namespace
}  // namespace albert::tasks
