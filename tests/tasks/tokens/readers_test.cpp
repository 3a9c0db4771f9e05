#include "tasks/tokens/readers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "support/log_capture.h"
#include "support/refusal.h"

namespace albert::tasks {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

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

TEST(Conll, AWordNumberSignIsToldFromAComment) {
  TagFormat format;
  format.has_comments = true;
  const std::string content = "# id 1\tdomain=x\nsee O\n# B-PROD\n1 I-PROD\n\n# id 2\tdomain=x\n# O\nRome O\n";
  const TaggedFile file = parse(content, format);
  ASSERT_EQ(file.records.size(), 2U);
  EXPECT_THAT(file.records[0].words, ElementsAre("see", "#", "1"));
  EXPECT_THAT(file.records[1].words, ElementsAre("#", "Rome")) << "its tag is of other words";
  EXPECT_THAT(parse("#begin document (a); part 0\na O\n\n#end document\n", format).records[0].words, ElementsAre("a"));
  EXPECT_THAT(error_of("a O\n#b c O\n", format), HasSubstr("train.conll:2: expected 2 columns"));
}

TEST(Conll, TheSettingOfCommentsIsNamedWhereItHelps) {
  const TagFormat format{.settings = "task.tokens."};
  EXPECT_THAT(error_of("# id 1\na O\n", format), HasSubstr("set task.tokens.comments: true"));
  EXPECT_THAT(error_of("#1\na O\n", format), HasSubstr("set task.tokens.comments: true"));
  EXPECT_THAT(error_of("a O\n\n# sentence 2\nb O\n", format), HasSubstr("set task.tokens.comments: true"));
  EXPECT_THAT(error_of("a O\nb c O\n", format), Not(HasSubstr("comments")));
}

TEST(Conll, OtherDelimitersAreNamed) {
  EXPECT_THAT(error_of("EU,B-ORG\n"), HasSubstr("if the columns are apart by ','"));
}

TEST(Conll, LinesMayEndAsOnOldMacs) {
  const TaggedFile file = parse("a B-X\rb O\r\rc O\r");
  EXPECT_THAT(file.lines, ElementsAre("a B-X", "b O", "", "c O"));
  EXPECT_EQ(file.records.size(), 2U);
  EXPECT_THAT(error_of("a O\r\r\nb O\r\r\n"), HasSubstr("carriage return"));
}

TEST(Conll, AFileWithoutBlankLinesIsNamed) {
  const testing::LogCapture log;
  std::string words;
  for (int i = 0; i < 21; ++i) words += "a O\n";
  warn_of_long_sentences(parse(words + "\n" + words));
  EXPECT_EQ(log.text(), "");
  warn_of_long_sentences(parse(words));
  EXPECT_THAT(log.text(), HasSubstr("train.conll:1: there is no blank line in the file, so that 21 words"));
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

TEST(Conllu, WordsWithoutATagHaveNone) {
  const TaggedFile file = parse(line("1", "a", "DET", "_") + line("2", "b", "_", "_"), {}, "a.conllu");
  EXPECT_THAT(file.records[0].tags, ElementsAre("DET", ""));
}

TEST(Conllu, WithheldTextIsRefused) {
  const std::string sentence = line("1", "a", "X", "_") + "\n", underscore = line("1", "_", "PUNCT", "_");
  EXPECT_EQ(parse(sentence + underscore, {}, "a.conllu").records.size(), 2U);
  EXPECT_THAT(error_of(sentence + underscore + line("2", "_", "X", "_"), {}, "a.conllu"),
              HasSubstr("a.conllu:3: every word of the sentence is \"_\", as of 1 of the file's 2 sentences"));
  EXPECT_THAT(error_of(underscore, {}, "a.conllu"), HasSubstr("withholds the text"));
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

TEST(TagRows, MayHoldListsThatAProgramWrote) {
  const TaggedFile file = parse("text_a\tlabel\n['New York', \"it's\"]\t['B-LOC', 'O']\n", {}, "x");
  EXPECT_THAT(file.records[0].words, ElementsAre("New York", "it's"));
  EXPECT_THAT(file.records[0].tags, ElementsAre("B-LOC", "O"));
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

TEST(TagJson, IsReadFromLinesAndFromAnArray) {
  const std::string one = R"({"tokens": ["Ann", "runs"], "ner_tags": ["B-PER", "O"]})";
  const std::string two = R"({"tokens": "He ran", "ner_tags": "O O"})";
  for (const std::string& content : {fmt::format("{}\n\n{}\n", one, two), fmt::format("[\n{},\n{}]", one, two)}) {
    const TaggedFile file = parse(content, {}, "train.json");
    ASSERT_EQ(file.records.size(), 2U);
    EXPECT_THAT(file.records[0].tags, ElementsAre("B-PER", "O"));
    EXPECT_THAT(file.records[1].words, ElementsAre("He", "ran"));
    EXPECT_THAT(file.lines, ElementsAre(one, two));
  }
  EXPECT_EQ(place_of(parse(one + "\n" + two, {}, "x.jsonl").records[1], 1).to_string(), "x.jsonl:2");
  EXPECT_EQ(place_of(parse("[" + one + "]", {}, "x.json").records[0], 1).to_string(), "x.json: record 1");
  EXPECT_FALSE(parse_tagged(R"({"words": ["a"]})", {}, false, "x.json").is_labelled());
}

TEST(TagJson, NumbersStandForTagsThatAreNamed) {
  TagFormat format{.settings = "task.tokens."};
  const std::string content = R"({"tokens": ["Ann", "runs"], "ner_tags": [1, 0]})";
  EXPECT_THAT(error_of(content, format, "x.json"), HasSubstr("task.tokens.labels=[O,B-PER]"));
  format.tags_by_number = {"O", "B-PER"};
  EXPECT_THAT(parse(content, format, "x.json").records[0].tags, ElementsAre("B-PER", "O"));
  EXPECT_THAT(error_of(R"({"tokens": ["a"], "ner_tags": [2]})", format, "x.json"),
              HasSubstr("expected the number of a tag from 0 to 1 in 'ner_tags', found 2"));
}

TEST(TagJson, WhatIsWrongIsNamed) {
  const TagFormat format{.settings = "task.tokens."};
  const auto error = [&](std::string_view content) { return error_of(content, format, "x.json"); };
  EXPECT_THAT(error(R"({"body": "a"})"),
              HasSubstr("x.json:1: expected a list of words in 'text_a', 'words', 'tokens'"));
  EXPECT_THAT(error(R"({"words": ["a"]})"), HasSubstr("see task.tokens.tags_name"));
  EXPECT_THAT(error(R"({"words": ["a"], "ner": ["O"], "pos": ["X"]})"),
              HasSubstr("the tags may be in 'ner', 'pos'; set task.tokens.tags_name"));
  EXPECT_THAT(error(R"({"words": ["a", "b"], "ner": ["O"]})"), HasSubstr("for each of the 2 words, found 1"));
  EXPECT_THAT(error("{\"words\": [\"a\"], \"ner\": [\"O\"]}\n{\"words\": [\"a\"]}"),
              HasSubstr("x.json:2: expected a list in 'ner' as in the objects before, found no such member"));
  EXPECT_THAT(error("[]"), HasSubstr("there is no sentence"));
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
  EXPECT_EQ(
      rest("{\"words\": [\"a\"], \"tags\": [\"O\"]}\n{\"words\": [\"b\"], \"tags\": [\"O\"]}", {false, true}, "x.json"),
      "{\"words\": [\"b\"], \"tags\": [\"O\"]}");
  EXPECT_EQ(rest("text_a\tlabel\na\tO\nb c\tO O\n", {false, true}, "x"), "text_a\tlabel|b c\tO O");
  const std::string columns = "\t_\tX\t_\t_\t_\t_\t_\t_";
  const std::string conllu = "# one\n1\ta" + columns + "\n1.1\te" + columns + "\n\n# two\n1\tb" + columns + "\n\n";
  EXPECT_EQ(rest(conllu, {true, false}, "x.conllu"), "# one|1\ta" + columns + "|1.1\te" + columns + "|");
  EXPECT_EQ(rest(conllu, {false, true}, "x.conllu"), "# two|1\tb" + columns + "|");
}

}  // namespace
}  // namespace albert::tasks
