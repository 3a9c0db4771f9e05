#include "tasks/common/tab_columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/log_capture.h"
#include "support/refusal.h"

namespace albert::tasks {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const Place kPlace{.file = "standard input", .line = 3, .id = {}};

TEST(SplitFields, KeepsEmptyOnes) {
  EXPECT_THAT(split_fields("a\t\tb c\t"), ElementsAre("a", "", "b c", ""));
  EXPECT_THAT(split_fields(""), ElementsAre(""));
  EXPECT_THAT(split_fields("a,b\tc", ','), ElementsAre("a", "b\tc"));
}

TEST(TabColumns, AreFoundByTheirNames) {
  const TabColumns columns("id\ttext\tid");
  EXPECT_THAT(columns.names(), ElementsAre("id", "text", "id"));
  EXPECT_EQ(columns.find("text"), 1U);
  EXPECT_THAT(testing::refusal<DataError>([&] { columns.find("id"); }),
              HasSubstr("standard input:1: there are several columns 'id'"));
  EXPECT_EQ(columns.find("Text"), std::nullopt);
  EXPECT_EQ(TabColumns().find(""), std::nullopt);
  EXPECT_EQ(testing::refusal<DataError>([&] { columns.refuse("a column named 'words'"); }),
            "standard input:1: expected a column named 'words', found: 'id', 'text', 'id'");
}

TEST(TabColumns, ARowHasAFieldForEach) {
  const TabColumns columns("id\ttext");
  EXPECT_THAT(columns.split("7\t", kPlace), ElementsAre("7", ""));
  EXPECT_EQ(testing::refusal<DataError>([&] { columns.split("7", kPlace); }),
            "standard input:3: expected 2 columns as in the header, found 1");
  EXPECT_THAT(testing::refusal<DataError>([&] { columns.split("7\ta\tb", kPlace); }), HasSubstr("found 3"));
}

TEST(TabColumns, QuotesThatMayBeThoseOfTextsAreWarnedOfOnce) {
  const TabColumns columns("question\tcontext");
  const testing::LogCapture log;
  EXPECT_THAT(columns.split("\"Who?\"\tHe said \"no\".", kPlace), ElementsAre("\"Who?\"", "He said \"no\"."));
  EXPECT_EQ(log.text(), "");
  EXPECT_THAT(columns.split("\"Who?\"\t\"He.\"", kPlace), ElementsAre("\"Who?\"", "\"He.\""));
  columns.split("\"Who?\"\t\"She.\"", kPlace);
  EXPECT_THAT(log.text(), HasSubstr("standard input:3: all fields stand in quotes, which are read as a part of them"));
  EXPECT_EQ(log.text().find("all fields"), log.text().rfind("all fields"));
  EXPECT_THAT(testing::refusal<DataError>([&] { columns.split("Who?\t\"He said \"\"no\"\".\"", kPlace); }),
              StartsWith("standard input:3: fields stand in quotes, with quotes doubled inside"));
}

TEST(CheckNewColumns, OneThatIsThereIsRefused) {
  EXPECT_NO_THROW(check_new_columns({"prediction"}, {"id", "Prediction"}, kPlace));
  EXPECT_THAT(testing::refusal<DataError>([] {
                check_new_columns({"prediction", "probability_a"}, {"id", "probability_a"}, kPlace);
              }),
              StartsWith("standard input:3: there is a column 'probability_a' already"));
}

TEST(RowWithoutAnswer, KeepsTheColumns) {
  EXPECT_EQ(row_without_answer("a\t", 2, 2, false), "a\t\t\t");
  EXPECT_EQ(row_without_answer("a", 2, 1, false), "\t\t") << "too few columns";
  EXPECT_EQ(row_without_answer("", 1, 1, false), "\t");
  EXPECT_EQ(row_without_answer("\"a\tb", 2, 1, false), "\"a\tb\t");
  EXPECT_EQ(row_without_answer("\"a\tb", 2, 1, true), "\t\t") << "the quote would go on over the next rows";
}

}  // namespace
}  // namespace albert::tasks
