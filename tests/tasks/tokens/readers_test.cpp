#include "tasks/tokens/readers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "support/refusal.h"

namespace albert::tasks {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TaggedFile parse(std::string_view content, const TagFormat& format = {}, const std::string& file = "train.conll") {
  return parse_tagged(content, format, true, file);
}

std::string error_of(std::string_view content, const TagFormat& format = {}, const std::string& file = "train.conll") {
  return testing::refusal<DataError>([&] { parse(content, format, file); });
}

TEST(Conll, SentencesAreApartByBlankLinesAndLinesOfWhiteSpace) {
  const TaggedFile file = parse("Ann\tB-PER\nruns\tO\n\t\nHe\tO\n \n\n\nBerlin\tB-LOC");
  ASSERT_EQ(file.records.size(), 3U);
  EXPECT_EQ(file.layout, TagLayout::kColumns);
  EXPECT_TRUE(file.is_labelled());
  EXPECT_THAT(file.records[0].words, ElementsAre("Ann", "runs"));
  EXPECT_THAT(file.records[0].tags, ElementsAre("B-PER", "O"));
  EXPECT_THAT(file.records[2].tags, ElementsAre("B-LOC"));
  EXPECT_THAT(file.records[2].lines, ElementsAre(7U));
  EXPECT_EQ(file.records[2].place.to_string(), "train.conll:8");
}

TEST(Conll, ColumnsMayBeApartBySpacesAndMany) {
  const TaggedFile file = parse("-DOCSTART- -X- O O\r\n\r\nEU NNP  I-NP I-ORG\r\nrejects VBZ I-VP O\r\n");
  ASSERT_EQ(file.records.size(), 1U);
  EXPECT_THAT(file.records[0].words, ElementsAre("EU", "rejects"));
  EXPECT_THAT(file.records[0].tags, ElementsAre("I-ORG", "O"));
  EXPECT_THAT(file.other_lines, ElementsAre(0U));
  EXPECT_EQ(file.lines[2], "EU NNP  I-NP I-ORG");
}

TEST(Conll, WordsAndTagsAreInTheColumnsThatTheSettingsName) {
  TagFormat format;
  format.word_column = 2;
  format.tag_column = 3;
  EXPECT_THAT(parse("1\tEU\tNNP\tI-ORG\n", format).records[0].tags, ElementsAre("NNP"));
  EXPECT_THAT(parse("1\tEU\tNNP\tI-ORG\n", format).records[0].words, ElementsAre("EU"));
  format.tag_column = -2;
  EXPECT_THAT(parse("1\tEU\tNNP\tI-ORG\n", format).records[0].tags, ElementsAre("NNP"));
  format.word_column = 5;
  EXPECT_THAT(error_of("1\tEU\tNNP\tI-ORG\n", format), HasSubstr("train.conll:1: expected the word in column 5"));
}

TEST(Conll, ADocumentStartEndsASentence) {
  const TaggedFile file = parse("a O\n-DOCSTART- O\nb O\n");
  EXPECT_EQ(file.records.size(), 2U);
}

TEST(Conll, CommentsAreWordsUnlessTheSettingsSayOtherwise) {
  EXPECT_EQ(parse("# O\na O\n").records[0].words.size(), 2U);
  TagFormat format;
  format.has_comments = true;
  EXPECT_THAT(parse("# id 7 domain=en\na O\n#x O\n", format).records[0].words, ElementsAre("a", "#x"));
}

TEST(Conll, FilesWithoutTagsAreReadWhereNoneAreNeeded) {
  const TaggedFile file = parse_tagged("a\nb\n\nc\n", {}, false, "test.conll");
  EXPECT_FALSE(file.is_labelled());
  EXPECT_EQ(file.records.size(), 2U);
  EXPECT_THAT(file.records[0].tags, IsEmpty());
  EXPECT_THAT(error_of("a\nb\n"), HasSubstr("train.conll:1: expected the tag in column -1"));
}

TEST(Conll, WhatIsWrongIsNamedWithItsLine) {
  EXPECT_THAT(error_of("a\tO\nb\tX\tO\n"), HasSubstr("train.conll:2: expected 2 columns as in line 1, found 3"));
  EXPECT_THAT(error_of("a O\nNew York O\n"),
              HasSubstr("train.conll:2: expected 2 columns as in line 1, found 3; a word"));
  EXPECT_THAT(error_of("New York\tB-LOC\n"), HasSubstr("train.conll:1: the word \"New York\" in column 1 has a space"));
  EXPECT_THAT(error_of("a\tO\n\tO\n"), HasSubstr("train.conll:2: the word in column 1 is empty"));
  EXPECT_THAT(error_of("a\t\n"), HasSubstr("train.conll:1: the tag in column 2 is empty"));
  EXPECT_THAT(error_of("\n\n"), HasSubstr("train.conll: there is no sentence"));
  EXPECT_THAT(error_of(""), HasSubstr("train.conll: there is no sentence"));
}

/// A line of CoNLL-U.
std::string line(const std::string& id, const std::string& word, const std::string& upos, const std::string& xpos) {
  return id + "\t" + word + "\t_\t" + upos + "\t" + xpos + "\t_\t0\troot\t_\t_\n";
}

TEST(Conllu, RangesAndEmptyNodesAreNoWords) {
  const std::string content = "# sent_id = 1\n# text = vámonos\n" + line("1-2", "vámonos", "_", "_") +
                              line("1", "vamos", "VERB", "V") + line("2", "nos", "PRON", "P") +
                              line("2.1", "x", "X", "X") + "\n" + line("1", "10 000", "NUM", "N");
  const TaggedFile file = parse(content, {}, "dev.conllu");
  ASSERT_EQ(file.records.size(), 2U);
  EXPECT_EQ(file.layout, TagLayout::kConllu);
  EXPECT_THAT(file.records[0].words, ElementsAre("vamos", "nos"));
  EXPECT_THAT(file.records[0].tags, ElementsAre("VERB", "PRON"));
  EXPECT_THAT(file.records[1].words, ElementsAre("10 000"));
  EXPECT_THAT(file.other_lines, ElementsAre(2U, 5U));
  TagFormat format;
  format.conllu_tag = ConlluTag::kXpos;
  EXPECT_THAT(parse(content, format, "dev.conllu").records[0].tags, ElementsAre("V", "P"));
}

TEST(Conllu, WithoutTagsItIsNotLabelled) {
  const std::string content = line("1", "a", "_", "DT");
  EXPECT_FALSE(parse_tagged(content, {}, false, "a.conllu").is_labelled());
  EXPECT_THAT(error_of(content, {}, "a.conllu"), HasSubstr("a.conllu: expected UPOS tags, found none"));
}

TEST(Conllu, WhatIsWrongIsNamedWithItsLine) {
  EXPECT_THAT(error_of("1\ta\tDT\n", {}, "a.conllu"), HasSubstr("a.conllu:1: expected the 10 columns"));
  EXPECT_THAT(error_of(line("1", "a", "X", "X") + line("1", "b", "X", "X"), {}, "a.conllu"),
              HasSubstr("a.conllu:2: expected the word with number 2, or a blank line"));
  EXPECT_THAT(error_of(line("x", "a", "X", "X"), {}, "a.conllu"), HasSubstr("found number \"x\""));
  EXPECT_THAT(error_of(line("1", "", "X", "X"), {}, "a.conllu"), HasSubstr("a.conllu:1: the word is empty"));
}

TEST(TagRows, AreFoundByTheirHeader) {
  const TaggedFile file = parse("text_a\tlabel\n北 京 　\tB-LOC I-LOC O\n\n好\tO\n", {}, "train.tsv");
  ASSERT_EQ(file.records.size(), 2U);
  EXPECT_EQ(file.layout, TagLayout::kRows);
  EXPECT_THAT(file.records[0].words, ElementsAre("北", "京", "　"));
  EXPECT_THAT(file.records[0].tags, ElementsAre("B-LOC", "I-LOC", "O"));
  EXPECT_THAT(file.records[1].lines, ElementsAre(3U));
}

TEST(TagRows, MayHaveOtherColumnsAndNames) {
  TagFormat format;
  format.words_name = "tokens";
  format.tags_name = "ner";
  const TaggedFile file = parse("id\tner\ttokens\n7\tO O\ta b\n", format, "x");
  EXPECT_THAT(file.records[0].tags, ElementsAre("O", "O"));
  format.tags_name = "pos";
  EXPECT_THAT(error_of("id\tner\ttokens\n7\tO O\ta b\n", format, "x"),
              HasSubstr("x:1: expected a header with the column \"pos\""));
  EXPECT_FALSE(parse_tagged("id\tner\ttokens\n7\tO O\ta b\n", format, false, "x").is_labelled());
}

TEST(TagRows, WhatIsWrongIsNamedWithItsLine) {
  EXPECT_THAT(error_of("text_a\tlabel\na b\tO\n"),
              HasSubstr("train.conll:2: expected a tag for each of the 2 words, found 1"));
  EXPECT_THAT(error_of("text_a\tlabel\na b\n"),
              HasSubstr("train.conll:2: expected 2 columns as in the header, found 1"));
  EXPECT_THAT(error_of("text_a\tlabel\n \tO\n"), HasSubstr("train.conll:2: the sentence has no word"));
  EXPECT_THAT(error_of("text_a\tlabel\n"), HasSubstr("there is no sentence"));
  TagFormat format;
  format.layout = TagLayout::kRows;
  EXPECT_THAT(error_of("a O\n", format), HasSubstr("train.conll:1: expected a header with the column \"text_a\""));
}

TEST(ReadTagged, BytesThatAreNoTextAreRefused) {
  EXPECT_THROW(read_tagged("/nowhere/file.conll", {}, true), IoError);
}

TEST(ReadTagged, JsonIsNoFileOfColumns) {
  for (const char* file : {"train.jsonl", "train.ndjson", "train.json"}) {
    EXPECT_THROW(parse_tagged("{\"tokens\": [\"a\"]}\n", {}, false, file), DataError) << file;
  }
}

TEST(KeepSentences, WithTheirCommentsAndBlankLines) {
  const auto rest = [](std::string_view content, const std::vector<bool>& is_kept, const std::string& name) {
    TaggedFile file = parse_tagged(content, {}, true, name);
    keep_sentences(file, is_kept);
    for (const TaggedSentence& sentence : file.records) {
      EXPECT_THAT(file.lines[sentence.lines[0]], HasSubstr(sentence.words[0]));
    }
    return fmt::format("{}", fmt::join(file.lines, "|"));
  };
  constexpr const char* kColumns = "-DOCSTART- O\n\na O\nb O\n\n\n-DOCSTART- O\n\nc O\n";
  EXPECT_EQ(rest(kColumns, {true, false}, "x"), "-DOCSTART- O||a O|b O||");
  EXPECT_EQ(rest(kColumns, {false, true}, "x"), "-DOCSTART- O||c O");
  EXPECT_EQ(rest("text_a\tlabel\na\tO\nb c\tO O\n", {false, true}, "x"), "text_a\tlabel|b c\tO O");
  const std::string columns = "\t_\tX\t_\t_\t_\t_\t_\t_";
  const std::string conllu = "# one\n1\ta" + columns + "\n1.1\te" + columns + "\n\n# two\n1\tb" + columns + "\n\n";
  EXPECT_EQ(rest(conllu, {true, false}, "x.conllu"), "# one|1\ta" + columns + "|1.1\te" + columns + "|");
  EXPECT_EQ(rest(conllu, {false, true}, "x.conllu"), "# two|1\tb" + columns + "|");
}

}  // namespace
}  // namespace albert::tasks
