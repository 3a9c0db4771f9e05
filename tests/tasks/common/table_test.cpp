#include "tasks/common/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/refusal.h"

namespace albert::tasks {
namespace {

using ::testing::HasSubstr;
using Rows = std::vector<std::vector<std::string>>;

constexpr TableDialect kTsv{.separator = '\t', .quoted = false};
constexpr TableDialect kCsv{.separator = ',', .quoted = true};

Rows read(std::string_view text, TableDialect dialect) {
  TableReader reader(text, dialect, "table");
  Rows rows;
  for (TableRow row; reader.next(row);) rows.push_back(row.fields);
  return rows;
}

TEST(Table, QuotesOfPlainTsvAreCharacters) {
  EXPECT_EQ(read("a\t\"b\n\"c\"\td\"\"e\n", kTsv), (Rows{{"a", "\"b"}, {"\"c\"", "d\"\"e"}}));
}

TEST(Table, KeepsEmptyFields) {
  EXPECT_EQ(read("\t\ta\nb\t\t\n", kTsv), (Rows{{"", "", "a"}, {"b", "", ""}}));
  EXPECT_EQ(read(",,a\n\"\",b,\n", kCsv), (Rows{{"", "", "a"}, {"", "b", ""}}));
}

TEST(Table, LinesEndInLineFeedOrBothOrWithTheFile) {
  const Rows expected{{"a", "b"}, {"c", "d"}};
  EXPECT_EQ(read("a\tb\r\nc\td\r\n", kTsv), expected);
  EXPECT_EQ(read("a\tb\nc\td", kTsv), expected);
  EXPECT_EQ(read("a,b\r\nc,\"d\"\r\n", kCsv), expected);
  EXPECT_EQ(read("a,b\nc,\"d\"", kCsv), expected);
  EXPECT_EQ(read("a\tb\rc\td\r", kTsv), expected) << "as on old Macs";
  EXPECT_EQ(read("a,b\rc,\"d\"\r", kCsv), expected);
  EXPECT_EQ(read("a,b\nc,d\r", kCsv), expected) << "a file cut within an end";
}

TEST(Table, LineEndsOfTwoKindsAreRefused) {
  const auto refusal = [](const char* text, TableDialect dialect) {
    return testing::refusal<DataError>([&] { read(text, dialect); });
  };
  EXPECT_THAT(refusal("a\tb\nc\rd\te\n", kTsv), HasSubstr("table:2: a carriage return (CR) alone here"));
  EXPECT_THAT(refusal("a\tb\rc\td\ne\tf\n", kTsv), HasSubstr("table:2: a line feed (LF) here"));
  EXPECT_THAT(refusal("a,b\r\r\nc,d\r\r\n", kCsv), HasSubstr("carriage returns (CR) alone"));
  EXPECT_EQ(read("a,\"b\rc\nd\"\r\n", kCsv), (Rows{{"a", "b\rc\nd"}})) << "in quotes they are characters";
}

TEST(Table, ARowIsOneRow) {
  EXPECT_EQ(split_row("a\t\"b", kTsv, {.file = "x", .line = 7}), (std::vector<std::string>{"a", "\"b"}));
}

TEST(Table, ReadsQuotedFieldsAsRfc4180HasThem) {
  EXPECT_EQ(read("\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\n", kCsv), (Rows{{"a,b", "say \"hi\"", "two\nlines"}}));
  EXPECT_EQ(read("\"\"\"\"\n", kCsv), (Rows{{"\""}}));
  EXPECT_EQ(read("5\" disk,b\n", kCsv), (Rows{{"5\" disk", "b"}})) << "a quote inside of an unquoted field";
}

TEST(Table, KnowsTheLineWhereARowBeginsAndItsBytes) {
  TableReader reader("a,\"x\ny\nz\"\r\n\r\nb,c\n", kCsv, "table");
  TableRow row;
  ASSERT_TRUE(reader.next(row));
  EXPECT_EQ(row.line, 1);
  EXPECT_EQ(row.bytes, "a,\"x\ny\nz\"");
  ASSERT_TRUE(reader.next(row));
  EXPECT_EQ(row.line, 5);
  EXPECT_EQ(row.bytes, "b,c");
  EXPECT_FALSE(reader.next(row));
  EXPECT_EQ(reader.num_empty_lines(), 1);
}

TEST(Table, AShorterRowKeepsNothingOfTheOneBefore) {
  EXPECT_EQ(read("a\tb\tc\nd\n", kTsv), (Rows{{"a", "b", "c"}, {"d"}}));
}

TEST(Table, RefusesBrokenQuotes) {
  const auto refusal = [](const char* text) { return testing::refusal<DataError>([&] { read(text, kCsv); }); };
  EXPECT_THAT(refusal("a,b\nc,\"d\ne,f\n"), HasSubstr("table:2: the quoted field"));
  EXPECT_THAT(refusal("a\n\"b\" c\n"),
              HasSubstr("table:2: expected ',' or the line's end after a quoted field, found ' '; a quote"));
  EXPECT_THAT(refusal("\"a\";\"b\"\n"), HasSubstr("found ';'; are the columns apart by it?"));
}

TEST(Table, QuotesBehindASpaceAreRefused) {
  EXPECT_THAT(testing::refusal<DataError>([] { read("a,b\n\"c\", \"d\"\n", kCsv); }),
              HasSubstr("table:2: a space stands before a quoted field"));
  EXPECT_EQ(read("a, \"b\" or \"c\"\n", kCsv), (Rows{{"a", " \"b\" or \"c\""}})) << "a text that has quotes";
}

TEST(Table, KnowsFieldsThatAProgramHasPutIntoQuotes) {
  for (const char* field : {R"("")", R"("a")", R"("say ""hi""")", R"("""")"})
    EXPECT_TRUE(stands_in_quotes(field)) << field;
  for (const char* field : {"", "\"", "a", "\"a", R"("a" or "b")", R"(""")", R"("a"")"}) {
    EXPECT_FALSE(stands_in_quotes(field)) << field;
  }
  using Fields = std::vector<std::string>;
  EXPECT_TRUE(has_doubled_quotes(Fields{R"("say ""hi""")", "b"}));
  EXPECT_FALSE(has_doubled_quotes(Fields{"\"a\"", "\"b\"", R"("")"})) << "they may belong to the texts";
}

TEST(Table, WhatIsWrittenIsReadAgain) {
  for (const char* field : {"plain", "", "a,b", "say \"hi\"", "\"", "two\r\nlines", " space "}) {
    EXPECT_EQ(read("x," + write_field(field, kCsv) + "\n", kCsv), (Rows{{"x", field}}));
  }
  EXPECT_EQ(write_field("a\tb\nc \"d\"", kTsv), "a b c \"d\"");
}

}  // namespace
}  // namespace albert::tasks
