#include "metrics/report.h"

#include <limits>

#include <gtest/gtest.h>

#include "metrics/text_table.h"

namespace albert::metrics {
namespace {

TEST(Report, AsJsonHasFiguresToTheLastDigitThenDetails) {
  const Report report{.figures = {{"f1", 67.87648921451334}, {"accuracy", 1}}, .json = R"({"classes": [1]})"};
  EXPECT_EQ(to_json(report),
            "{\n  \"f1\": 67.87648921451334,\n  \"accuracy\": 1.0,\n  \"details\": {\n    \"classes\": [\n      1\n    "
            "]\n  }\n}");
}

TEST(Report, AFigureWithoutAValueIsAbsentAndItsReasonIsThere) {
  const Report report{.figures = {{"f1", 1}}, .undefined = {{"pearson", "all gold values are equal"}}};
  EXPECT_EQ(to_json(report),
            "{\n  \"f1\": 1.0,\n  \"undefined\": {\n    \"pearson\": \"all gold values are equal\"\n  }\n}");
  EXPECT_EQ(to_text(report), "f1  1.0000\npearson is undefined: all gold values are equal\n");
}

TEST(Report, WhatIsNoFiniteNumberIsUndefined) {
  Report report{.figures = {{"loss", std::numeric_limits<double>::infinity()}, {"f1", 1}}};
  leave_out_infinite(report);
  EXPECT_EQ(report.figures, (Figures{{"f1", 1}}));
  ASSERT_EQ(report.undefined.size(), 1U);
  EXPECT_EQ(report.undefined.front().first, "loss");
}

TEST(Report, AsText) {
  const Report report{.figures = {{"accuracy", 0.5}, {"f1", 0.25}}, .table = "more\n"};
  EXPECT_EQ(to_text(report), "accuracy  0.5000\nf1        0.2500\n\nmore\n");
}

TEST(TextTable, WideCharactersTakeTwoColumns) {
  TextTable table({"class", "f1"}, 1);
  table.add_row({"正面", "0.5"});
  table.add_row({"neg", "10"});
  EXPECT_EQ(table.to_text(), "class   f1\n正面   0.5\nneg     10\n");
}

}  // namespace
}  // namespace albert::metrics
