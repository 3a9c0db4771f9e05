#include "metrics/relations.h"

#include <gtest/gtest.h>

namespace albert::metrics {
namespace {

TEST(JudgeRelations, DirectionCountsForWhatIsRightAndNotForWhatIsCounted) {
  RelationCounts counts;
  counts.add("Cause-Effect(e1,e2)", "Cause-Effect(e1,e2)");
  counts.add("Cause-Effect(e2,e1)", "Cause-Effect(e1,e2)");  // the wrong way round
  counts.add("Other", "Cause-Effect(e2,e1)");
  counts.add("Entity-Origin(e1,e2)", "Other");
  counts.add("Entity-Origin(e1,e2)", "Entity-Origin(e1,e2)");
  counts.add("Other", "Other");
  const Report report = judge_relations(counts);
  const double cause_effect = 2.0 * 1 / (3 + 2);   // 1 right, 3 predicted, 2 gold
  const double entity_origin = 2.0 * 1 / (1 + 2);  // 1 right, 1 predicted, 2 gold
  EXPECT_DOUBLE_EQ(find(report.figures, "macro_f1").value(), 100 * (cause_effect + entity_origin) / 9);
  EXPECT_DOUBLE_EQ(find(report.figures, "accuracy").value(), 3.0 / 6);
}

TEST(JudgeRelations, RelationsOfOnesOwnAreAveragedOverThoseThatOccur) {
  RelationCounts counts;
  counts.add("works-for(e1,e2)", "works-for(e1,e2)");
  counts.add("lives-in(e1,e2)", "works-for(e1,e2)");
  EXPECT_DOUBLE_EQ(find(judge_relations(counts).figures, "macro_f1").value(), 100 * (2.0 / 3) / 2);
}

TEST(JudgeRelations, OtherAloneHasNoF1) {
  RelationCounts counts;
  counts.add("Other", "Other");
  const Report report = judge_relations(counts);
  EXPECT_EQ(find(report.figures, "macro_f1"), std::nullopt);
  EXPECT_EQ(report.undefined.at(0).first, "macro_f1");
  EXPECT_EQ(find(report.figures, "accuracy"), 1);
}

}  // namespace
}  // namespace albert::metrics
