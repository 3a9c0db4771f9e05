#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/sections/parts.h"

namespace albert::report {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(Sections, RankedIsTheLargestFirst) {
  const std::vector<double> values = {0.1, 0.9, 0.5, 0.9, 0.7};
  const auto not_second = [](std::size_t i) { return i != 1; };
  EXPECT_THAT(ranked(5, 3, not_second, [&](std::size_t i) { return values[i]; }), ElementsAre(3, 4, 2));
  EXPECT_THAT(ranked(
                  5, 9, [](std::size_t) { return true; }, [](std::size_t) { return 1.0; }),
              ElementsAre(0, 1, 2, 3, 4));
}

TEST(Sections, MarksOfATextStandInIt) {
  EXPECT_EQ(shown(tasks::ShownText{"Anna <lives> in Paris.", {{0, 4, "e1"}, {16, 21, "e2"}}}),
            "<mark>Anna<sub>e1</sub></mark> &lt;lives&gt; in <mark>Paris<sub>e2</sub></mark>.");
}

TEST(Sections, DetailsBecomeTables) {
  metrics::Report judgement;
  judgement.json = R"({"classes":[{"label":"<script>","f1":0.5,"support":1200}],"confusion_matrix":[[1]]})";
  EXPECT_THAT(detail_tables(judgement),
              AllOf(HasSubstr("Figures of the classes"), HasSubstr("&lt;script&gt;"), HasSubstr("1,200"),
                    HasSubstr(R"(<data value="0.5">)"), Not(HasSubstr("<script>"))));
  EXPECT_THAT(detail_tables({}), IsEmpty());
}

TEST(Sections, FiguresHaveAllDigits) {
  const metrics::Report judgement{.figures = {{"accuracy", 1.0 / 3}}, .undefined = {{"pearson", "all <equal>"}}};
  EXPECT_THAT(figures_table(judgement),
              AllOf(HasSubstr(R"(<data value="0.3333333333333333">0.3333</data>)"), HasSubstr("all &lt;equal&gt;")));
}

}  // namespace
}  // namespace albert::report
