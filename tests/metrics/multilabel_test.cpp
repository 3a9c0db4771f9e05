#include "metrics/multilabel.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace albert::metrics {
namespace {

TEST(Multilabel, CountsSetsAndDecisions) {
  MultilabelCounts counts(3);
  counts.add({true, false, true}, {true, false, true});
  counts.add({true, true, false}, {true, false, false});
  counts.add({false, false, false}, {false, true, false});
  counts.add({false, false, false}, {false, false, false});
  const std::vector<std::string> labels{"a", "b", "c"};
  const Report report = judge_multilabel(counts, labels);
  EXPECT_DOUBLE_EQ(find(report.figures, "accuracy").value(), 2.0 / 4);
  EXPECT_DOUBLE_EQ(find(report.figures, "macro_f1").value(), (1.0 + 0 + 1.0) / 3);
  EXPECT_DOUBLE_EQ(find(report.figures, "micro_f1").value(), 2 * 3.0 / (4 + 4));
}

TEST(Multilabel, ALabelThatNobodyHasCountsAsZero) {
  MultilabelCounts counts(2);
  counts.add({true, false}, {true, false});
  const std::vector<std::string> labels{"a", "b"};
  EXPECT_DOUBLE_EQ(find(judge_multilabel(counts, labels).figures, "macro_f1").value(), 0.5);
}

TEST(Multilabel, RefusesAnotherNumberOfLabels) {
  MultilabelCounts counts(3);
  EXPECT_THROW(counts.add({true, false}, {true, false, true}), InternalError);
}

}  // namespace
}  // namespace albert::metrics
