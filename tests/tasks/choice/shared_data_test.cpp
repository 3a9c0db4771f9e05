// Reads every real file of multiple choice and of relations that ALBERT_SHARED_DATA names, end to end, and counts.

#include "support/shared_data.h"

#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "base/file.h"
#include "tasks/choice/choices.h"
#include "tasks/relation/relations.h"

namespace albert::tasks {
namespace {

using ChoiceSharedData = testing::SharedData;

TEST_F(ChoiceSharedData, ArcHasTheOfficialCounts) {
  // Questions, and those among them whose choices the copy in CSV has lost.
  const std::map<std::string, std::pair<std::size_t, std::size_t>> expected = {{"easy_train.csv", {2251, 104}},
                                                                               {"easy_dev.csv", {570, 21}},
                                                                               {"challenge_train.csv", {1119, 23}},
                                                                               {"challenge_dev.csv", {299, 5}}};
  for (const auto& [name, counts] : expected) {
    SCOPED_TRACE(name);
    const ChoiceFile file = read_choices(data_ / "multiple_choice/arc" / name);
    EXPECT_EQ(file.questions.size() + file.left_out.size(), counts.first);
    EXPECT_EQ(file.left_out.size(), counts.second);
    EXPECT_TRUE(file.is_labelled());
    std::set<std::size_t> numbers;
    for (const ChoiceQuestion& question : file.questions) numbers.insert(question.choices.size());
    EXPECT_EQ(*numbers.rbegin(), 4);
    EXPECT_GE(*numbers.begin(), 3);
  }
}

TEST_F(ChoiceSharedData, SemevalHasTheOfficialCounts) {
  const fs::path folder = data_ / "relation/semeval2010_task8";
  const RelationFile training = read_relations(folder / "TRAIN_FILE.TXT");
  const RelationFile test = read_relations(folder / "TEST_FILE_FULL.TXT");
  EXPECT_EQ(training.records.size(), 8000);
  EXPECT_EQ(test.records.size(), 2717);
  std::map<std::string, int> labels;
  for (const RelationRecord& record : training.records) ++labels[*record.label];
  EXPECT_EQ(labels.size(), 19);
  EXPECT_EQ(labels["Other"], 1410);
  // The key says what the labelled sentences say.
  RelationAnswers answers;
  for (const RelationRecord& record : test.records) answers.emplace_back(record.id, *record.label);
  EXPECT_EQ(read_relation_answers(folder / "TEST_FILE_KEY.TXT"), answers);
}

}  // namespace
}  // namespace albert::tasks
