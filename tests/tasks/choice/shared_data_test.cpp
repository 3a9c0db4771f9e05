// Reads every real file of multiple choice that ALBERT_SHARED_DATA names, end to end, and counts.

#include "support/shared_data.h"

#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "tasks/choice/readers.h"

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
    EXPECT_EQ(file.records.size() + file.left_out.size(), counts.first);
    EXPECT_EQ(file.left_out.size(), counts.second);
    EXPECT_TRUE(file.is_labelled());
    std::set<std::size_t> numbers;
    for (const ChoiceQuestion& question : file.records) numbers.insert(question.choices.size());
    EXPECT_EQ(*numbers.rbegin(), 4);
    EXPECT_GE(*numbers.begin(), 3);
  }
}

}  // namespace
}  // namespace albert::tasks
