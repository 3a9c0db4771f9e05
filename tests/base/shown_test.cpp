#include "base/shown.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace albert {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Printable, LeavesTextsAsTheyAre) {
  for (const char* text : {"", "B-PER", "Gr\u00f6\u00dfe", "\u92b4 \u0905\u0928", "\U0001f600 \\x1b"}) {
    EXPECT_EQ(printable(text), text);
  }
}

TEST(Printable, ShowsWhatATerminalWouldObey) {
  EXPECT_EQ(printable("\x1b[31mred\x1b[0m"), R"(\x1b[31mred\x1b[0m)");
  EXPECT_EQ(printable(std::string("a\0b", 3)), R"(a\x00b)");
  EXPECT_EQ(printable("a\tb\r\nc\x7f"), R"(a\x09b\x0d\x0ac\x7f)");
  EXPECT_EQ(printable("\xc2\x9b"
                      "2J"),
            R"(\xc2\x9b2J)")
      << "the control sequence introducer of C1";
  EXPECT_EQ(printable("a\u202e"
                      "b\u2066\ufeff"),
            R"(a\u202eb\u2066\ufeff)");
  EXPECT_EQ(printable("\u00ad\u200b\u2060\U000e0041"), R"(\xc2\xad\u200b\u2060\U000e0041)") << "nobody sees them";
  EXPECT_EQ(printable("\u0645\u200c\u0646 \u200d"), "\u0645\u200c\u0646 \u200d") << "joiners change what is seen";
  EXPECT_EQ(printable("a\xff\xe2\x82z"), R"(a\xff\xe2\x82z)") << "bytes that are no UTF-8";
}

TEST(PrintableMessage, KeepsItsLinesAndNoTextPassesForOne) {
  EXPECT_EQ(printable_message("two mistakes:\n  a\n  b\tc"), "two mistakes:\n  a\n  b\tc");
  EXPECT_EQ(printable_message("label 'x\n12:00:00 E all lost'\n"), "label 'x\n  12:00:00 E all lost'\n");
  EXPECT_EQ(printable_message("a\rb\n\nc\x1b"), "a\\x0db\n\n  c\\x1b");
  EXPECT_EQ(printable_message("settings:\ntask:\n  kind: text\n"), "settings:\n  task:\n    kind: text\n");
}

TEST(PrintableMessage, ShortensLinesAndKeepsTheirEnds) {
  const std::string shown = printable_message("found " + std::string(100'000, 'x') + "; correct the file\nsecond");
  EXPECT_LT(shown.size(), 5000U);
  EXPECT_THAT(shown, StartsWith("found xxx"));
  EXPECT_THAT(shown, HasSubstr(" bytes left out) ... xxx"));
  EXPECT_THAT(shown, EndsWith("; correct the file\n  second"));
  std::string letters = "a";
  for (int i = 0; i < 10'000; ++i) letters += "\u00e9";
  EXPECT_THAT(printable_message(letters), ::testing::Not(HasSubstr("\\x"))) << "cut between characters";
}

TEST(MovedIn, ItsLinesBeginWithSpaces) {
  EXPECT_STREQ(ModelError("refused: {}", moved_in("a\n b\nc")).what(), "refused: a\n   b\n  c");
}

TEST(Shortened, IsPrintable) {
  EXPECT_EQ(in_quotes(std::string("p\0os\n", 5)), R"('p\x00os\x0a')");
}

TEST(Error, ItsMessageEndsAtNoCharacter) {
  EXPECT_STREQ(DataError("'{}' is wrong:\n  a\tb", std::string("p\0os", 4)).what(), "'p\\x00os' is wrong:\n  a\tb");
}

TEST(Error, OnlyItsOwnLinesAreLines) {
  EXPECT_STREQ(IoError("no file matches {}:\n  a", "we\nird.tsv").what(), "no file matches we\\x0aird.tsv:\n  a");
}

TEST(Error, ItsLinesAreNoLongerThanPeopleRead) {
  const std::string whole =
      fmt::format("{0}\n {1}", std::string(kMaxLineBytes, 'x'), std::string(kMaxLineBytes - 1, 'y'));
  EXPECT_EQ(DataError("{}", whole).what(), whole);
  const std::string cut = DataError("tensor {}: its shape is no size", std::string(100'000, 'x')).what();
  EXPECT_LT(cut.size(), kMaxLineBytes);
  EXPECT_THAT(cut, StartsWith("tensor xxx"));
  EXPECT_THAT(cut, HasSubstr(" bytes left out) ... xxx"));
  EXPECT_THAT(cut, EndsWith("xxx: its shape is no size"));
  EXPECT_EQ(printable_message(cut), cut) << "it is not cut again";
}

TEST(InQuotes, ShowsTheBeginning) {
  EXPECT_EQ(in_quotes("B-PER"), "'B-PER'");
  EXPECT_EQ(shortened(std::string(60, 'x')), std::string(60, 'x'));
  EXPECT_EQ(shortened("\u00e9\u00e9\u00e9\u00e9", 3), "\u00e9\u00e9\u00e9...");
  EXPECT_EQ(in_quotes(std::string(1234, 'x')), "'" + std::string(60, 'x') + "...'");
}

TEST(InQuotes, BytesThatAreNoCharactersAreBoundedToo) {
  const std::string bytes(100'000, '\x80');
  EXPECT_LT(in_quotes(bytes).size(), 300U);
  const std::string shown = printable_message(bytes + "; correct the file");
  EXPECT_LT(shown.size(), 20'000U);
  EXPECT_THAT(shown, StartsWith("\\x80\\x80"));
  EXPECT_THAT(shown, EndsWith("; correct the file"));
}

TEST(Listed, AListEndsWhereItIsLong) {
  EXPECT_EQ(listed(std::vector<std::string>{"a", "b"}), "'a', 'b'");
  const std::vector<std::string> many(1000, std::string(1000, 'x'));
  EXPECT_THAT(listed(many), EndsWith("... (1000 in all)"));
  EXPECT_THAT(listed(many), ::testing::SizeIs(::testing::Lt(200U)));
  EXPECT_THAT(listed(std::vector<std::string>(30, "")), EndsWith("'' ... (30 in all)"));
}

TEST(ShellQuoted, AWordIsTakenForOne) {
  EXPECT_EQ(shell_quoted("run/best"), "run/best");
  EXPECT_EQ(shell_quoted("task.text.label=[1]"), "'task.text.label=[1]'");
  EXPECT_EQ(shell_quoted("my run"), "'my run'");
  EXPECT_EQ(shell_quoted("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_quoted(""), "''");
}

}  // namespace
}  // namespace albert
