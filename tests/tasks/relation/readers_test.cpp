#include "tasks/relation/readers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert::tasks {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

std::string part(const RelationRecord& record, const TextSpan& span) {
  return record.text.substr(span.begin, span.end - span.begin);
}

class RelationReaders : public ::testing::Test {
 protected:
  RelationFile read(const std::string& name, std::string_view content) const {
    testing::write_file(folder_ / name, content);
    return read_relations(folder_ / name);
  }
  std::string refusal(const std::string& name, std::string_view content) const {
    return testing::refusal<DataError>([&] { read(name, content); });
  }

  testing::TemporaryFolder folder_;
};

TEST_F(RelationReaders, OfSemeval) {
  const RelationFile file = read("TRAIN_FILE.TXT",
                                 "1\t\"The <e1>flood</e1> broke the <e2>dam</e2>.\"\r\nCause-Effect(e1,e2)\r\n"
                                 "Comment: like <e1>this</e1>\r\n\r\n"
                                 "2\t\"\"Yes\", a <e2>wheel</e2> of the <e1>car</e1>\"\r\nOther\r\nComment:\r\n");
  ASSERT_THAT(file.records, SizeIs(2));
  EXPECT_TRUE(file.is_labelled());
  const RelationRecord& first = file.records[0];
  EXPECT_EQ(first.id, "1");
  EXPECT_EQ(first.text, "The flood broke the dam.");
  EXPECT_EQ(part(first, first.first), "flood");
  EXPECT_EQ(part(first, first.second), "dam");
  EXPECT_EQ(first.label, "Cause-Effect(e1,e2)");
  const RelationRecord& second = file.records[1];
  EXPECT_EQ(second.text, "\"Yes\", a wheel of the car");
  EXPECT_EQ(part(second, second.first), "car");
  EXPECT_EQ(part(second, second.second), "wheel");
  EXPECT_EQ(second.label, "Other");
  EXPECT_EQ(second.place.line, 5);
}

TEST_F(RelationReaders, OfSemevalsTestDataHaveNoLabels) {
  const RelationFile file = read("TEST_FILE.TXT", "8001\t\"<e1>a</e1> <e2>b</e2>\"\n8002\t\"<e1>c</e1><e2>d</e2>\"\n");
  ASSERT_THAT(file.records, SizeIs(2));
  EXPECT_FALSE(file.is_labelled());
  EXPECT_EQ(part(file.records[1], file.records[1].second), "d");
}

TEST_F(RelationReaders, OfSemevalThatAreWrongAreNamed) {
  EXPECT_THAT(refusal("x.txt", "1\t\"<e1>a</e1> b\"\n"),
              HasSubstr("x.txt:1: expected the tag <e2> once, found it nowhere"));
  EXPECT_THAT(refusal("x.txt", "1\t\"<e1>a</e1> <e2>b</e2> <e1>\"\n"), HasSubstr("found it more than once"));
  EXPECT_THAT(refusal("x.txt", "1\t\"<e1></e1> <e2>b</e2>\"\n"), HasSubstr("an entity is empty"));
  EXPECT_THAT(refusal("x.txt", "1\t\"</e1>a<e1> <e2>b</e2>\"\n"), HasSubstr("ends before it begins"));
  EXPECT_THAT(refusal("x.txt", "a sentence\n"), HasSubstr("expected a number, a tab and a sentence"));
  EXPECT_THAT(refusal("x.txt", "1\t<e1>a</e1> <e2>b</e2>\nOther\nOther\n"), HasSubstr("x.txt:3: expected a comment"));
  EXPECT_THAT(refusal("x.txt", "1\t<e1>a</e1> <e2>b</e2>\nOther\n\n2\t<e1>a</e1> <e2>b</e2>\n"),
              HasSubstr("x.txt:4: it has no label"));
}

TEST_F(RelationReaders, OfJsonLinesCountCharacters) {
  const RelationFile file =
      read("own.jsonl", R"({"id": "s", "text": "Zoë métà Ünn", "first": [9, 12], "second": [0, 3], "label": "knows"})"
                        "\n");
  ASSERT_THAT(file.records, SizeIs(1));
  const RelationRecord& record = file.records[0];
  EXPECT_EQ(record.id, "s");
  EXPECT_EQ(part(record, record.first), "Ünn");
  EXPECT_EQ(part(record, record.second), "Zoë");
  EXPECT_EQ(record.label, "knows");
  EXPECT_THAT(record.row, HasSubstr("\"id\""));
}

TEST_F(RelationReaders, OfJsonLinesThatAreWrongAreNamed) {
  EXPECT_THAT(refusal("x.jsonl", R"({"text": "ab", "first": [0, 1]})"), HasSubstr("x.jsonl:1: no field 'second'"));
  EXPECT_THAT(refusal("x.jsonl", R"({"text": "ab", "first": [0, 3], "second": [0, 1]})"),
              HasSubstr("'first' is [0,3], which is no part of a text of 2 characters"));
  EXPECT_THAT(refusal("x.jsonl", R"({"text": "ab", "first": [-1, 1], "second": [0, 1]})"),
              HasSubstr("expected [begin, end] in characters in 'first'"));
}

TEST_F(RelationReaders, HaveAnIdEach) {
  const std::string line = R"({"id": 7, "text": "ab", "first": [0, 1], "second": [1, 2]})";
  EXPECT_THAT(refusal("x.jsonl", line + "\n" + line), HasSubstr("x.jsonl:2: the id 7 occurs twice"));
}

}  // namespace
}  // namespace albert::tasks
