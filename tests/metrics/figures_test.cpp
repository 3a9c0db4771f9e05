#include "metrics/figures.h"

#include <gtest/gtest.h>

namespace albert::metrics {
namespace {

TEST(Mean, WeighsItsParts) {
  Mean left;
  left.add(1.0);
  left.add(4.0, 2);
  Mean right;
  right.add(-2.0, 3);
  left += right;
  EXPECT_DOUBLE_EQ(left.value().value(), (1.0 + 8.0 - 6.0) / 6.0);
}

TEST(Mean, NothingHasNoMean) {
  EXPECT_FALSE(Mean().value().has_value());
}

TEST(Figures, AreFoundByName) {
  const Figures figures{{"accuracy", 0.5}, {"loss", 2.0}};
  EXPECT_EQ(find(figures, "loss"), 2.0);
  EXPECT_EQ(find(figures, "los"), std::nullopt);
}

}  // namespace
}  // namespace albert::metrics
