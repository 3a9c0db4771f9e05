#include "metrics/ranking.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace albert::metrics {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(RankingMeans, OverQueries) {
  RankingMeans means({1, 3});
  means.add(std::array<std::int64_t, 1>{1});
  means.add(std::array<std::int64_t, 1>{4});
  means.add(std::array<std::int64_t, 2>{7, 2});  // the first that is found decides the reciprocal rank
  const double mrr = (1 + 0.25 + 0.5) / 3;
  EXPECT_THAT(means.figures(), ElementsAre(Pair("mrr", mrr), Pair("recall_at_1", 1.0 / 3), Pair("recall_at_3", 0.5)));
}

TEST(RankingMeans, NoQueriesNoFigures) {
  EXPECT_TRUE(RankingMeans({1}).figures().empty());
}

TEST(RankingMeans, RefusesWhatIsNoRank) {
  RankingMeans means({1});
  EXPECT_THROW(means.add(std::array<std::int64_t, 1>{0}), InternalError);
  EXPECT_THROW(means.add({}), InternalError);
}

}  // namespace
}  // namespace albert::metrics
