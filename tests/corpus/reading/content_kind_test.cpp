#include "corpus/reading/content_kind.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"

namespace albert::corpus {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// What a whole file is taken for; empty for running text.
std::string found_in(const std::string& bytes, const fs::path& name = "a.txt") {
  const Head head{.bytes = bytes, .is_all = true};
  if (const auto binary = find_binary(head)) return binary->name + "; " + binary->advice;
  const auto layout = find_layout(head, name);
  return layout ? layout->name + "; " + layout->advice : "";
}

std::string repeat(const std::string& text, int times) {
  std::string repeated;
  for (int i = 0; i < times; ++i) repeated += text;
  return repeated;
}

std::string utf16(const std::string& ascii) {
  std::string bytes;
  for (const char c : ascii) (bytes += c) += '\0';
  return bytes;
}

TEST(ContentKind, RunningTextIsNothingElse) {
  for (const std::string text : {
           "",
           "One.",
           "{",
           "[",
           "[Illustration]\n\nA caption.",
           "[1] See above.",
           "{curly} words",
           "---\nA rule.\n---\n",
           "---\nHe said: no.\nAnd she: yes.\n---\n",
           "Yes, he said.\nNo, she said.\nWell, they said.\n",
           "<unk> is a token\n<s> too\n",
           "a, b, c\nd, e, f\ng, h, i\n",
           "\x1b[1mbold\x1b[0m text\n",
           "One word a line\nis no table\nof one column\n",
           "He said \"no, never\nagain\".\n",
       }) {
    EXPECT_THAT(found_in(text), IsEmpty()) << text;
  }
  // A few odd bytes are repaired.
  EXPECT_THAT(found_in(repeat("Un texte accentu\xe9, sans UTF-8. ", 100)), IsEmpty());
  EXPECT_THAT(found_in("nu" + std::string(2, '\0') + "l"), IsEmpty());
  EXPECT_THAT(found_in(repeat("Text. ", 10'000) + std::string(100, '\0')), IsEmpty());
}

TEST(ContentKind, BinaryDataIsNamed) {
  EXPECT_THAT(found_in("PK\x03\x04xxxx"), HasSubstr("zip"));
  EXPECT_THAT(found_in("%PDF-1.7\n"), HasSubstr("PDF"));
  EXPECT_THAT(found_in("PAR1xxxx"), HasSubstr("Parquet"));
  EXPECT_THAT(found_in("\x7f"
                       "ELF\x02\x01"),
              HasSubstr("executable"));
  EXPECT_THAT(found_in("\x89PNG\r\n"), HasSubstr("image"));
  EXPECT_THAT(found_in("\x1f\x8b\x08xx"), HasSubstr("a compressed file (gzip)"));
  EXPECT_THAT(found_in("BZh91AY&SYxx"), HasSubstr("a compressed file (bzip2)"));
  EXPECT_THAT(found_in("BZh is no word."), IsEmpty());
  EXPECT_THAT(found_in("name" + std::string(253, '\0') + "ustar"), HasSubstr("tar archive"));
  std::string noise;
  for (unsigned i = 1; i <= 500; ++i) noise += static_cast<char>(i * 2654435761U >> 13);
  EXPECT_THAT(found_in(noise), HasSubstr("binary data"));
  EXPECT_THAT(found_in(std::string(1000, '\0')), HasSubstr("binary data: 100%"));
}

TEST(ContentKind, OtherEncodingsAreNamedWithTheWayToConvertThem) {
  EXPECT_THAT(found_in("\xff\xfeh"), HasSubstr("iconv -f UTF-16 -t UTF-8"));
  EXPECT_THAT(found_in(repeat("\xed\xa0\xbd\xed\xb8\x80", 50)), HasSubstr("iconv -f ENCODING")) << "CESU-8";
  EXPECT_THAT(found_in(utf16("Text without a mark.")), HasSubstr("iconv -f UTF-16LE -t UTF-8"));
  // "Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему."
  const std::string russian =
      "\xc2\xf1\xe5 \xf1\xf7\xe0\xf1\xf2\xeb\xe8\xe2\xfb\xe5 \xf1\xe5\xec\xfc\xe8 \xef\xee\xf5\xee\xe6\xe8 "
      "\xe4\xf0\xf3\xe3 \xed\xe0 \xe4\xf0\xf3\xe3\xe0, \xea\xe0\xe6\xe4\xe0\xff "
      "\xed\xe5\xf1\xf7\xe0\xf1\xf2\xeb\xe8\xe2\xe0\xff \xf1\xe5\xec\xfc\xff "
      "\xed\xe5\xf1\xf7\xe0\xf1\xf2\xeb\xe8\xe2\xe0 \xef\xee-\xf1\xe2\xee\xe5\xec\xf3.";
  EXPECT_THAT(found_in(russian), HasSubstr("iconv -f windows-1251 -t UTF-8"));
}

TEST(ContentKind, JsonIsFoundWhateverTheName) {
  for (const std::string text :
       {"{\"text\": \"One.\"}\n{\"text\": \"Two.\"}\n", "\n {\"a\":1}", "{\"text\": \"cut\n{\"text\": 1}\n",
        "{}\n{\"text\": \"x\"}\n", "{\"text\": \"a\xff\"}\n"}) {
    EXPECT_THAT(found_in(text), HasSubstr("JSON lines; read it with --format jsonl")) << text;
  }
  const Head cut{.bytes = R"({"text": "a line that is longer than the)", .is_all = false};
  EXPECT_TRUE(find_layout(cut, "a")->is_json_lines);
  EXPECT_THAT(found_in("words", "a.jsonl.gz"), HasSubstr("by its name a file of JSON lines"));
  EXPECT_THAT(found_in("[{\"text\": \"One.\"},\n{\"text\": \"Two.\"}]"), HasSubstr("a JSON array; write its elements"));
  EXPECT_THAT(found_in("[\n  \"One.\",\n  \"Two.\"\n]"), HasSubstr("a JSON array"));
  EXPECT_THAT(found_in("{\n  \"data\": [\n    {\"text\": \"One.\"},\n    2\n  ]\n}\n"),
              HasSubstr("JSON; write each text"));
}

TEST(ContentKind, TablesAreFoundByTheirShapeOrName) {
  EXPECT_THAT(found_in("id,text,label\n1,\"One, two.\",0\n2,Three.,1\n"),
              HasSubstr("a table of 3 columns, separated by ','"));
  EXPECT_THAT(found_in("id;text\n1;\"One\nmore.\"\n2;Two."), HasSubstr("a table of 2 columns, separated by ';'"));
  EXPECT_THAT(found_in("A sentence.\t0\nAnother \"one.\t1\n\nA third.\t0\n"),
              HasSubstr("2 columns, separated by tabs"));
  EXPECT_THAT(found_in(repeat(" \t \n", 10)), IsEmpty()) << "blanks";
  EXPECT_THAT(found_in("a", "a.csv"), HasSubstr("by its name a table"));
}

TEST(ContentKind, MarkupAndFrontMatterAreFound) {
  for (const std::string text : {"<?xml version", "\n<!DOCTYPE html>", "<html>", "<mediawiki xmlns", "<doc id=\"12\">"})
    EXPECT_THAT(found_in(text), HasSubstr("markup")) << text;
  EXPECT_THAT(found_in("---\ntitle: A page\ntags:\n- x\n---\n\nText.\n"), HasSubstr("front matter"));
  EXPECT_THAT(found_in("+++\r\ntitle = \"A page\"\r\n+++\r\nText.\r\n"), HasSubstr("front matter"));
}

}  // namespace
}  // namespace albert::corpus
