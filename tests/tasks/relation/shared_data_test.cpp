// Reads the real files of relations that ALBERT_SHARED_DATA names, end to end, and counts.

#include "support/shared_data.h"

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/file.h"
#include "tasks/relation/answers.h"
#include "tasks/relation/readers.h"

namespace albert::tasks {
namespace {

using RelationSharedData = testing::SharedData;

TEST_F(RelationSharedData, SemevalHasTheOfficialCounts) {
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
  const RelationFile key = read_relation_gold(folder / "TEST_FILE_KEY.TXT");
  ASSERT_EQ(key.records.size(), test.records.size());
  for (std::size_t i = 0; i < test.records.size(); ++i) {
    EXPECT_EQ(key.records[i].id, test.records[i].id);
    EXPECT_EQ(key.records[i].label, test.records[i].label);
  }
}

}  // namespace
}  // namespace albert::tasks
