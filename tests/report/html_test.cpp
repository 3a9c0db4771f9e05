#include "report/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace albert::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kAttack = R"(<script>alert("x")</script><b onload='y'>&amp;)";

TEST(Escaped, MarkupOfOthersIsText) {
  EXPECT_EQ(escaped(R"(a < b & "c" > 'd')"), "a &lt; b &amp; &quot;c&quot; &gt; &#39;d&#39;");
  EXPECT_THAT(escaped(kAttack), Not(::testing::ContainsRegex(R"([<>"'])")));
  EXPECT_EQ(escaped("Käse 日本 😀"), "Käse 日本 😀");
}

TEST(Escaped, WhatCannotBeSeenIsShown) {
  EXPECT_EQ(escaped(std::string_view("a\0b\x1b[0m", 7)), "a\\x00b\\x1b[0m");
  EXPECT_EQ(escaped("\u202egnp.exe"), "\\u202egnp.exe") << "turns the direction of writing";
  EXPECT_EQ(escaped("\xff"), "\\xff") << "no UTF-8";
  EXPECT_EQ(escaped_passage("two\nlines\tand\r\na tab"), "two lines and  a tab");
}

TEST(ShortNumber, HasTheDigitsThatPeopleRead) {
  EXPECT_EQ(short_number(0.84321), "0.8432");
  EXPECT_EQ(short_number(0.0009), "0.0009");
  EXPECT_EQ(short_number(1.2345e-5), "1.23e-05");
  EXPECT_EQ(short_number(-0.5), "-0.5000");
  EXPECT_EQ(short_number(12.3456), "12.35");
  EXPECT_EQ(short_number(1240), "1,240");
  EXPECT_EQ(short_number(-7), "-7");
  EXPECT_EQ(short_number(1234.56), "1234.6");
  EXPECT_EQ(short_number(0), "0");
}

TEST(Figure, IsExactForPrograms) {
  EXPECT_EQ(figure(0.1 + 0.2), R"(<data value="0.30000000000000004">0.3000</data>)");
}

TEST(Table, ScrollsInABoxThatKeyboardsReach) {
  Table table(std::string("a <i>caption</i>"));
  table.add_column("<name>").add_column("n", Table::Column::kNumber);
  table.add_row({escaped("<b>"), "1"});
  const std::string html = table.to_html();
  EXPECT_THAT(html, HasSubstr(R"(class="scroll" role="region" tabindex="0" aria-label="a &lt;i&gt;caption)"));
  EXPECT_THAT(html, HasSubstr(R"(<th scope="col">&lt;name&gt;</th><th scope="col" class="n">n</th>)"));
  EXPECT_THAT(html, HasSubstr(R"(<th scope="row">&lt;b&gt;</th><td class="n">1</td>)"));
  EXPECT_THROW(table.add_row({"one cell"}), InternalError);
}

}  // namespace
}  // namespace albert::report
