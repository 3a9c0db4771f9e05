#include "metrics/entities.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace albert::metrics {
namespace {

using ::testing::ElementsAre;
using Tags = std::vector<std::string>;

TEST(FindEntities, Bio) {
  EXPECT_THAT(find_entities(Tags{"B-PER", "I-PER", "O", "B-LOC", "B-LOC"}),
              ElementsAre(Entity{"PER", 0, 2}, Entity{"LOC", 3, 4}, Entity{"LOC", 4, 5}));
}

TEST(FindEntities, Iob1) {
  EXPECT_THAT(find_entities(Tags{"I-PER", "I-PER", "B-PER", "O", "I-LOC"}),
              ElementsAre(Entity{"PER", 0, 2}, Entity{"PER", 2, 3}, Entity{"LOC", 4, 5}));
}

TEST(FindEntities, Bioes) {
  EXPECT_THAT(find_entities(Tags{"B-PER", "I-PER", "E-PER", "S-LOC", "E-LOC"}),
              ElementsAre(Entity{"PER", 0, 3}, Entity{"LOC", 3, 4}, Entity{"LOC", 4, 5}));
}

TEST(FindEntities, LettersOfOtherSchemesAreThoseOfBioes) {
  EXPECT_EQ(find_entities(Tags{"B-PER", "I-PER", "L-PER", "U-LOC", "U-LOC"}),
            find_entities(Tags{"B-PER", "I-PER", "E-PER", "S-LOC", "S-LOC"}));
  EXPECT_EQ(find_entities(Tags{"B-PER", "M-PER", "E-PER", "W-LOC", "M"}),
            find_entities(Tags{"B-PER", "I-PER", "E-PER", "S-LOC", "I"}));
}

TEST(EntityTags, HaveALetterAndAType) {
  for (const char* tag : {"O", "B-PER", "L-PER", "U-PER", "M-PER", "W-PER", "E", "M"})
    EXPECT_TRUE(is_entity_tag(tag)) << tag;
  for (const char* tag : {"", "NN", "X-PER", "LOC", "MD", "b-per"}) EXPECT_FALSE(is_entity_tag(tag)) << tag;
  EXPECT_EQ(entity_type("L-creative-work"), "creative-work");
  EXPECT_EQ(entity_type("B"), "_");
  EXPECT_EQ(entity_type("O"), "");
}

TEST(FindEntities, AnotherTypeBeginsAnotherEntity) {
  EXPECT_THAT(find_entities(Tags{"B-PER", "I-LOC", "I-PER"}),
              ElementsAre(Entity{"PER", 0, 1}, Entity{"LOC", 1, 2}, Entity{"PER", 2, 3}));
}

TEST(FindEntities, TypesMayHaveHyphensOrBeAbsent) {
  EXPECT_THAT(find_entities(Tags{"B-creative-work", "I-creative-work", "O", "B", "I"}),
              ElementsAre(Entity{"creative-work", 0, 2}, Entity{"_", 3, 5}));
}

TEST(FindEntities, NoneWithoutTags) {
  EXPECT_TRUE(find_entities(Tags{}).empty());
  EXPECT_TRUE(find_entities(Tags{"O", "O"}).empty());
}

TEST(EntityCounts, OnlyWholeEntitiesOfTheRightTypeAreCorrect) {
  EntityCounts counts;
  counts.add(Tags{"B-PER", "I-PER", "O", "B-LOC"}, Tags{"B-PER", "I-PER", "O", "B-PER"});
  counts.add(Tags{"B-PER", "I-PER", "O"}, Tags{"B-PER", "O", "O"});
  const Report report = judge_entities(counts);
  EXPECT_DOUBLE_EQ(find(report.figures, "precision").value(), 1.0 / 3);
  EXPECT_DOUBLE_EQ(find(report.figures, "recall").value(), 1.0 / 3);
  EXPECT_DOUBLE_EQ(find(report.figures, "f1").value(), 1.0 / 3);
  EXPECT_DOUBLE_EQ(find(report.figures, "macro_f1").value(), (2.0 / 5 + 0) / 2);
  EXPECT_DOUBLE_EQ(find(report.figures, "accuracy").value(), 5.0 / 7);
}

TEST(EntityCounts, AnEntityEndsWithItsSentence) {
  EntityCounts counts;
  counts.add(Tags{"B-PER"}, Tags{"B-PER"});
  counts.add(Tags{"I-PER"}, Tags{"I-PER"});
  EXPECT_EQ(counts.total().correct, 2);
}

TEST(EntityCounts, RefusesSentencesOfDifferentLengths) {
  EntityCounts counts;
  EXPECT_THROW(counts.add(Tags{"O"}, Tags{"O", "O"}), InternalError);
}

}  // namespace
}  // namespace albert::metrics
