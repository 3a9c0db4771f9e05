#include "metrics/pretraining_sums.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace albert::metrics {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(PretrainingSums, AreRatiosOfWhatWasSeen) {
  const std::array values{30.0, 2.0, 5.0, 3.0, 3.0, 4.0};
  EXPECT_THAT(PretrainingSums::from(values).figures(),
              ElementsAre(Pair("loss", 6.75), Pair("mlm_loss", 6.0), Pair("mlm_accuracy", 0.4), Pair("sop_loss", 0.75),
                          Pair("sop_accuracy", 0.75)));
}

TEST(PretrainingSums, WithoutOrderLabelsThereAreNoOrderFigures) {
  const PretrainingSums sums{.mlm_loss = 8, .mlm_correct = 1, .mlm_targets = 4};
  EXPECT_THAT(sums.figures(), ElementsAre(Pair("loss", 2.0), Pair("mlm_loss", 2.0), Pair("mlm_accuracy", 0.25)));
}

TEST(PretrainingSums, NothingSeenNothingSaid) {
  EXPECT_TRUE(PretrainingSums().figures().empty());
}

}  // namespace
}  // namespace albert::metrics
