#include "report/chart.h"

#include <limits>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace albert::report {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

/// The points of the lines, in units of the drawing.
std::vector<std::vector<Point>> drawn_lines(const std::string& html) {
  std::vector<std::vector<Point>> lines;
  const std::regex path(R"re(<path class="line[^"]*" data-name="[^"]*" d="M([^"]*)"/>)re");
  for (std::sregex_iterator found(html.begin(), html.end(), path), end; found != end; ++found) {
    lines.emplace_back();
    const std::string points = (*found)[1];
    const std::regex point("([-0-9.]+) ([-0-9.]+)");
    for (std::sregex_iterator one(points.begin(), points.end(), point); one != end; ++one)
      lines.back().push_back({std::stod((*one)[1]), std::stod((*one)[2])});
  }
  return lines;
}

LineChart rising() {
  return {.title = "Accuracy <1>", .x_name = "updates", .lines = {{"a & b", {{0, 0}, {50, 0.25}, {100, 1}}}}};
}

TEST(LineChart, PlacesNumbersInProportion) {
  const auto lines = drawn_lines(to_html(rising()));
  ASSERT_THAT(lines, SizeIs(1));
  ASSERT_THAT(lines[0], SizeIs(3));
  const auto& [first, middle, last] = std::tie(lines[0][0], lines[0][1], lines[0][2]);
  EXPECT_NEAR(middle.x, (first.x + last.x) / 2, 0.11);
  EXPECT_NEAR(middle.y, first.y + (last.y - first.y) / 4, 0.11);
  EXPECT_GT(first.y, last.y) << "y of a drawing grows downwards";
}

TEST(LineChart, SaysInWordsWhatItShows) {
  const std::string html = to_html(rising());
  EXPECT_THAT(
      html, AllOf(HasSubstr("<figcaption>Accuracy &lt;1&gt;</figcaption>"), HasSubstr(R"(role="img")"),
                  HasSubstr("<title>Accuracy &lt;1&gt;, by updates. a &amp; b: from 0 at 0 to 1 at 100; lowest 0 at 0, "
                            "highest 1 at 100.</title>")));
  EXPECT_THAT(html, AllOf(HasSubstr("<details><summary>Data of this chart"), HasSubstr(R"(<data value="0.25">)")));
}

TEST(LineChart, TellsLinesApartByColourDashesAndLegend) {
  LineChart chart = rising();
  chart.lines.push_back(
      {.name = "<b>", .points = {{10, 0.5}, {90, 0.75}}, .colour = 9, .is_dashed = true, .has_marks = true});
  const std::string html = to_html(chart);
  EXPECT_THAT(html, AllOf(HasSubstr(R"(class="legend")"), HasSubstr("line c0"), HasSubstr("line c1 dashed"),
                          HasSubstr(R"(class="dots c1")"), HasSubstr("&lt;b&gt;"), Not(HasSubstr("<b>"))));
}

TEST(LineChart, AValueMayStayUntilTheNextOne) {
  LineChart chart = rising();
  chart.lines[0].is_stepped = true;
  const auto line = drawn_lines(to_html(chart)).at(0);
  ASSERT_THAT(line, SizeIs(5));
  EXPECT_EQ(line[1].x, line[2].x);
  EXPECT_EQ(line[1].y, line[0].y);
}

TEST(LineChart, LeavesOutWhatIsNoNumber) {
  LineChart chart = rising();
  chart.lines[0].points.push_back({110, std::numeric_limits<double>::quiet_NaN()});
  chart.lines[0].points.push_back({120, std::numeric_limits<double>::infinity()});
  EXPECT_EQ(to_html(chart), to_html(rising()));
  chart.lines[0].points = {{1, std::numeric_limits<double>::quiet_NaN()}};
  EXPECT_THAT(to_html(chart), IsEmpty());
}

TEST(LineChart, TakesALogarithmicAxisWhereItHelps) {
  LineChart chart = rising();
  chart.may_be_logarithmic = true;
  EXPECT_THAT(to_html(chart), Not(HasSubstr("logarithmic"))) << "0 has no logarithm";
  chart.lines[0].points = {{0, 1000}, {50, 10}, {100, 0.1}};
  const std::string html = to_html(chart);
  EXPECT_THAT(html, HasSubstr("logarithmic"));
  const auto lines = drawn_lines(html);
  EXPECT_NEAR(lines[0][1].y, (lines[0][0].y + lines[0][2].y) / 2, 0.11);
  chart.lines[0].points = {{0, 10}, {100, 9}};
  EXPECT_THAT(to_html(chart), Not(HasSubstr("logarithmic"))) << "nor does it help there";
}

TEST(LineChart, OfALongRunStaysSmall) {
  LineChart chart = rising();
  chart.lines[0].points.clear();
  for (int i = 0; i < 300'000; ++i) chart.lines[0].points.push_back({i * 1.0, (i * 7919) % 1009 / 1009.0});
  chart.lines[0].points[123'456].y = 9;
  const std::string html = to_html(chart);
  EXPECT_LT(html.size(), 30'000u);
  const auto lines = drawn_lines(html);
  EXPECT_LE(lines[0].size(), 1000u);
  double highest = 1e9;
  for (const Point& point : lines[0]) highest = std::min(highest, point.y);
  EXPECT_LT(highest, 50) << "the spike is there";
}

TEST(BarChart, BarsAreAsHighAsTheirNumbers) {
  const std::string html = to_html(BarChart{
      .title = "Lengths", .x_name = "tokens", .y_name = "documents", .bars = {{"1", 10}, {"2–3", 40}, {"<4>", 0}}});
  const std::regex bar(R"re(<rect class="bar" x="[^"]*" y="[^"]*" width="([^"]*)" height="([^"]*)")re");
  std::vector<double> heights;
  for (std::sregex_iterator found(html.begin(), html.end(), bar), end; found != end; ++found)
    heights.push_back(std::stod((*found)[2]));
  ASSERT_THAT(heights, SizeIs(3));
  EXPECT_NEAR(heights[1], 4 * heights[0], 0.5);
  EXPECT_EQ(heights[2], 0);
  EXPECT_THAT(html, AllOf(HasSubstr("&lt;4&gt;"), HasSubstr("the highest is 2–3 with 40")));
}

TEST(ScatterChart, DrawsEveryPointOnce) {
  ScatterChart chart{.title = "Numbers", .x_name = "right", .y_name = "predicted", .points = {{0, 0}, {1, 2}, {2, 1}}};
  const std::string html = to_html(chart);
  const std::regex dot("M[0-9. ]+h0");
  EXPECT_EQ(std::distance(std::sregex_iterator(html.begin(), html.end(), dot), std::sregex_iterator()), 3);
  EXPECT_THAT(html, HasSubstr("3 points, predicted against right"));
  chart.points.clear();
  EXPECT_THAT(to_html(chart), IsEmpty());
}

}  // namespace
}  // namespace albert::report
