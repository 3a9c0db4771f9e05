#include "tasks/common/decoding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/refusal.h"

namespace albert::tasks {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

/// What decode_file says is wrong.
std::string refusal(const std::string& bytes, const std::string& encoding, const std::string& settings = {}) {
  return testing::refusal<DataError>([&] { decode_file(bytes, encoding, "train.tsv", settings); });
}

TEST(Encoding, LeavesUtf8AsItIsButForTheByteOrderMark) {
  EXPECT_EQ(decode_file("\xef\xbb\xbf\"Caf\xc3\xa9\"\r\n\xf0\x9f\x98\x80", "utf-8", "f"),
            "\"Caf\xc3\xa9\"\r\n\xf0\x9f\x98\x80");
  EXPECT_EQ(decode_file("", "UTF-8", "f"), "");
}

TEST(Encoding, WhatIsNoTextIsNamed) {
  EXPECT_THAT(refusal("\x1f\x8b\x08\xff", "utf-8"),
              HasSubstr("train.tsv: expected text, found a compressed file (gzip)"));
  EXPECT_THAT(refusal("PK\x03\x04\xff", "utf-8"), HasSubstr("unpack it first"));
}

TEST(Encoding, ConvertsOthers) {
  EXPECT_EQ(decode_file("caf\xe9", "iso-8859-1", "f"), "caf\xc3\xa9");
  EXPECT_EQ(decode_file("\xd6\xd0\xce\xc4", "gb18030", "f"), "中文");
  EXPECT_EQ(decode_file(std::string("\xff\xfe\x61\x00\x2d\x4e", 6), "utf-16", "f"), "a中");
}

TEST(Encoding, ConvertsMoreThanOneChunk) {
  std::string bytes;
  std::string expected;
  for (int i = 0; i < 70000; ++i) {
    bytes +=
        "\xd6\xd0"
        "a";
    expected += "中a";
  }
  EXPECT_EQ(decode_file(bytes, "gb18030", "f"), expected);
}

TEST(Encoding, SaysWhereAByteIsWrongAndWhatToTry) {
  EXPECT_THAT(refusal("one\ntwo \xf0 three\n", "utf-8"),
              AllOf(HasSubstr("train.tsv:2: the byte 0xf0 at offset 8"), HasSubstr("look like iso-8859-1"),
                    HasSubstr("iconv -f iso-8859-1 -t utf-8"), Not(HasSubstr("task."))));
  EXPECT_THAT(refusal("one \xf0", "utf-8", "task.tokens."), HasSubstr("name it in task.tokens.encoding (iso-8859-1?)"));
  EXPECT_THAT(refusal("what is a r\xe9sum\xe9?\n", "utf-8"), HasSubstr("look like iso-8859-1"));
  EXPECT_THAT(refusal("1\t\xd6\xd0\xce\xc4\n", "utf-8"), AllOf(HasSubstr(":1:"), HasSubstr("look like gb18030")));
  EXPECT_THAT(refusal("a\nb \xff c", "gb18030"),
              AllOf(HasSubstr("train.tsv:2: the byte 0xff at offset 4"), HasSubstr("gb18030")));
  EXPECT_THAT(refusal("\xff\xfe\x61", "utf-8"), HasSubstr("utf-16"));
  EXPECT_THAT(refusal(std::string("\xff\xfe\0\0a\0\0\0", 8), "utf-8"), HasSubstr("utf-32"));
}

TEST(Encoding, RefusesUtf8ThatIsCutOverlongOrASurrogate) {
  for (const char* bytes : {"\xe4\xb8", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
    EXPECT_NE(refusal(bytes, "utf-8"), "") << bytes;
  }
}

TEST(Encoding, RefusesNulBytes) {
  EXPECT_THAT(refusal(std::string("a\nb\0c", 5), "utf-8"), HasSubstr("train.tsv:2: a NUL byte at offset 3"));
}

TEST(Encoding, KnowsTheNamesThatIcuKnows) {
  const auto mistakes = [](const std::string& encoding) {
    config::Checks checks([](std::string_view key) { return std::string(key); });
    check_encoding(checks, "task.text.", encoding);
    return checks.messages();
  };
  EXPECT_THAT(mistakes("utf-8"), IsEmpty());
  EXPECT_THAT(mistakes("gb18030"), IsEmpty());
  EXPECT_THAT(mistakes("ISO-8859-1"), IsEmpty());
  EXPECT_THAT(mistakes("utf-9"), ElementsAre(AllOf(HasSubstr("task.text.encoding"), HasSubstr("'utf-9'"))));
  EXPECT_THAT(mistakes(""), SizeIs(1));
}

TEST(Encoding, ChecksRecordsOfStreams) {
  const Place place{.file = "standard input", .line = 7, .id = {}};
  EXPECT_NO_THROW(check_utf8("caf\xc3\xa9", place));
  EXPECT_THAT(testing::refusal<DataError>([&] { check_utf8("one\rtwo", place); }),
              HasSubstr("a carriage return at byte 4"));
  EXPECT_THAT(testing::refusal<DataError>([&] { check_utf8("caf\xe9", place); }),
              AllOf(HasSubstr("standard input:7"), HasSubstr("byte 4"), HasSubstr("0xe9")));
}

}  // namespace
}  // namespace albert::tasks
