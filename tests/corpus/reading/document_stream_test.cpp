#include "corpus/reading/document_stream.h"

#include <csignal>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/file.h"
#include "base/signals.h"
#include "corpus/gzip.h"
#include "support/log_capture.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert::corpus {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TemporaryFolder;

class DocumentStreamTest : public ::testing::Test {
 protected:
  std::string path(std::size_t i) const { return (folder_ / ("file" + std::to_string(i))).string(); }

  DocumentStream open(const std::vector<std::string>& files, const ReaderOptions& options) {
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < files.size(); ++i) {
      paths.push_back(path(i));
      testing::write_file(paths.back(), files[i]);
    }
    return DocumentStream(discover_inputs({.paths = paths}).files, options);
  }

  /// The text of each document.
  std::vector<std::string> read(const std::vector<std::string>& files, const ReaderOptions& options) {
    DocumentStream stream = open(files, options);
    std::vector<std::string> documents;
    bool inside = false;
    while (const std::optional<TextBlock> block = stream.next()) {
      EXPECT_EQ(block->first, !inside);
      EXPECT_TRUE(block->text.empty() ? block->last && inside : block->text.ends_with('\n'));
      if (block->first) documents.emplace_back();
      documents.back() += block->text;
      inside = !block->last;
    }
    EXPECT_FALSE(inside) << "the last document has no end";
    EXPECT_EQ(stream.bytes_read(), stream.total_bytes());
    statistics_ = stream.statistics();
    return documents;
  }

  std::string error_of(const std::vector<std::string>& files, const ReaderOptions& options) {
    return albert::testing::refusal<Error>([&] { read(files, options); });
  }

  TemporaryFolder folder_;
  testing::LogCapture log_;
  ReadStatistics statistics_;
};

TEST_F(DocumentStreamTest, TextJoinsWrappedLinesAndSplitsParagraphs) {
  EXPECT_THAT(read({"\n\nA wrapped  \n  line, self-\nmade.\n \t\nNext\r\none.\n\n", "other\n\u3000\nfile"}, {}),
              ElementsAre("A wrapped line, self-made.\nNext one.\n", "other\nfile\n"));
  EXPECT_THAT(read({"他说：\n“下雨。”\n他走了\nand left"}, {}), ElementsAre("他说：“下雨。”他走了 and left\n"));
}

TEST_F(DocumentStreamTest, TextWithParagraphsEndedByNewline) {
  EXPECT_THAT(read({"One.\nTwo.\n\nThree."}, {.paragraph_break = ParagraphBreak::kNewline}),
              ElementsAre("One.\nTwo.\nThree.\n"));
}

TEST_F(DocumentStreamTest, TextSplitsBeforeTheSeparator) {
  const ReaderOptions options{.document_separator = "^(CHAPTER|Kapitel) \\w+$"};
  EXPECT_THAT(
      read({"Front\nmatter\nCHAPTER I  \ntext\n\nCHAPTER II is no heading\nKapitel Zwölf\n\nmore", "CHAPTER X\n"},
           options),
      ElementsAre("Front matter\n", "CHAPTER I text\nCHAPTER II is no heading\n", "Kapitel Zwölf\nmore\n",
                  "CHAPTER X\n"));
  EXPECT_THAT(read({"***\n\n***\n***\nx"}, {.document_separator = "^\\*"}), ElementsAre("***\n", "***\n", "*** x\n"));
}

TEST_F(DocumentStreamTest, AWrongSeparatorIsAUsageError) {
  EXPECT_THAT(error_of({"x"}, {.document_separator = "(CHAPTER"}),
              AllOf(HasSubstr("'(CHAPTER'"), HasSubstr("U_REGEX_MISMATCHED_PAREN"), HasSubstr("at character 8")));
  const std::string slow = error_of({std::string(40, 'a')}, {.document_separator = "(a|aa)+$b"});
  EXPECT_THAT(slow, AllOf(HasSubstr("(a|aa)+$b"), HasSubstr("simplify")));
}

TEST_F(DocumentStreamTest, LinesAreSentences) {
  const ReaderOptions options{.format = InputFormat::kLines};
  EXPECT_THAT(read({"\n one. still one. \ntwo\n\n\n three\n \nfour", "five\n"}, options),
              ElementsAre("one. still one.\ntwo\n", "three\n", "four\n", "five\n"));
}

TEST_F(DocumentStreamTest, JsonLinesHoldADocumentEach) {
  const ReaderOptions options{.format = InputFormat::kJsonl};
  EXPECT_THAT(read({R"({"text": "One.\nTwo \u00e9\n\n Three."})"
                    "\n\n"
                    R"({"id": 7, "text": "x", "meta": {"text": "no"}})"
                    "\n"
                    R"({"text": ""})"},
                   options),
              ElementsAre("One.\nTwo é\nThree.\n", "x\n"));
  EXPECT_THAT(
      read({R"({"body": "a\nb\n\nc"})"},
           {.format = InputFormat::kJsonl, .json_field = "body", .paragraph_break = ParagraphBreak::kBlankLine}),
      ElementsAre("a b\nc\n"));
  EXPECT_EQ(statistics_.skipped_lines, 0u);
}

TEST_F(DocumentStreamTest, JsonFieldsMayLieInObjects) {
  const std::string line = R"({"id": 1, "doc": {"body": {"text": "deep"}}, "a.b": "flat", "a": {"b": "nested"}})";
  const auto read_field = [&](const std::string& field) {
    return read({line}, {.format = InputFormat::kJsonl, .json_field = field});
  };
  EXPECT_THAT(read_field("doc.body.text"), ElementsAre("deep\n"));
  EXPECT_THAT(read_field("a.b"), ElementsAre("flat\n"));
  EXPECT_THAT(error_of({line}, {.format = InputFormat::kJsonl, .json_field = "doc.text"}),
              AllOf(HasSubstr("text in the field 'doc.text'"),
                    HasSubstr("the object has no field 'doc.text'; it has 'a.b', 'a.b', 'doc.body.text'")));
  EXPECT_THAT(error_of({R"({"n": 1})"}, {.format = InputFormat::kJsonl}), HasSubstr("it has 'n', none with text"));
}

TEST_F(DocumentStreamTest, MessagesDoNotHoldLongNames) {
  std::string object = R"({"n": 1)";
  for (char c = 'a'; c <= 'z'; ++c) object.append(R"(, ")").append(10'000, c).append(R"(": "x")");
  read({"{\"text\": \"good\"}\n" + object + "}\n"}, {.format = InputFormat::kJsonl});
  EXPECT_LE(log_.text().size(), 400u);
  EXPECT_LE(error_of({object + "}\n"}, {.format = InputFormat::kJsonl}).size(), 600u);
}

TEST_F(DocumentStreamTest, TheTextOfJsonLinesIsTheirField) {
  read({R"({"text": "12\u00e9", "url": "http://example.org/that/is/no/text"})"}, {.format = InputFormat::kJsonl});
  EXPECT_EQ(statistics_.text_bytes, 4u);
  read({"12é"}, {});
  EXPECT_EQ(statistics_.text_bytes, 4u);
}

TEST_F(DocumentStreamTest, LinesOfOldMacsAreLines) {
  EXPECT_THAT(read({"One\rtwo.\r\rThree.\r"}, {}), ElementsAre("One two.\nThree.\n"));
  EXPECT_THAT(read({"one\rtwo\r\rthree\r"}, {.format = InputFormat::kLines}), ElementsAre("one\ntwo\n", "three\n"));
  EXPECT_THAT(read({"{\"text\": \"a\"}\r{\"text\": \"b\"}\r"}, {.format = InputFormat::kJsonl}),
              ElementsAre("a\n", "b\n"));
}

TEST_F(DocumentStreamTest, EveryLineMayBeADocument) {
  EXPECT_THAT(read({"one\ntwo\n\nthree"}, {.document_separator = "^"}), ElementsAre("one\n", "two\n", "three\n"));
}

TEST_F(DocumentStreamTest, ManyLinesInOneDocumentAreAskedAbout) {
  std::string lines;
  for (int i = 0; i < 1000; ++i) lines += "A text of its own.\n";
  const char* const hint = "--document-separator '^'";
  read({lines}, {.document_separator = "^CHAPTER"});
  read({lines + "\nA paragraph.\n"}, {});
  EXPECT_THAT(log_.text(), Not(HasSubstr(hint)));
  read({lines}, {});
  EXPECT_THAT(log_.text(), AllOf(HasSubstr("one document of 1000 lines"), HasSubstr(hint)));
}

TEST_F(DocumentStreamTest, ADamagedFileIsReadUpToTheDamageIfAsked) {
  const std::string bad = std::string(100, '{') + "\n";
  std::string many;
  for (int i = 0; i < 100; ++i) many += bad;
  const ReaderOptions options{.format = InputFormat::kJsonl, .skip_unreadable = true};
  EXPECT_THAT(read({"{\"text\": \"a\"}", many, "{\"text\": \"b\"}"}, options), ElementsAre("a\n", "b\n"));
  EXPECT_EQ(statistics_.unreadable_files, 1u);
  EXPECT_EQ(statistics_.files, 2u);
  EXPECT_THAT(log_.text(), HasSubstr("skipped from here on: " + path(1)));
  EXPECT_THAT(error_of({many}, options), HasSubstr("no input file could be read"));
}

TEST_F(DocumentStreamTest, TheTextBeforeTheDamageCounts) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += fmt::format("This is sentence {}.\n", i * 7919);
  const std::string whole = testing::gzip(text);
  const std::string cut = whole.substr(0, whole.size() - 100);
  for (const std::string other : {"", "More text.\n"}) {
    std::vector<std::string> files{cut};
    if (!other.empty()) files.push_back(other);
    DocumentStream stream = open(files, {.skip_unreadable = true});
    std::uint64_t read = 0;
    while (const std::optional<TextBlock> block = stream.next()) read += block->text.size();
    EXPECT_GT(read, text.size() / 2);
    EXPECT_NEAR(static_cast<double>(stream.statistics().text_bytes), static_cast<double>(read), 100.0);
    EXPECT_EQ(stream.statistics().files, files.size());
    EXPECT_EQ(stream.statistics().unreadable_files, 1U);
  }
}

TEST_F(DocumentStreamTest, APipeOfAnotherLayoutIsAFileOfAnotherLayout) {
  const std::string pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  testing::write_file(path(0), "Good text.\n");
  for (const bool skips : {true, false}) {
    const std::jthread writer([&] { std::ofstream(pipe) << "{\"text\": \"One.\"}\n"; });
    DocumentStream stream(discover_inputs({.paths = {pipe, path(0)}}).files, {.skip_unreadable = skips});
    std::string text;
    const auto read = [&] {
      while (const std::optional<TextBlock> block = stream.next()) text += block->text;
    };
    if (skips) {
      EXPECT_NO_THROW(read());
      EXPECT_EQ(text, "Good text.\n");
      EXPECT_EQ(stream.statistics().files, 1U);
    } else {
      EXPECT_THROW(read(), DataError);
    }
  }
}

TEST_F(DocumentStreamTest, BadJsonLinesAreSkippedAndNamed) {
  EXPECT_THAT(read({"{\"text\": \"good\"}\n{\"text\": \"cut\n[1]\n{\"txt\": \"a\"}\n{\"text\": 5}\n{\"text\": \"x\", "
                    "\"n\": 1e999}\n"
                    "{\"text\": \"good too\"}\n"},
                   {.format = InputFormat::kJsonl}),
              ElementsAre("good\n", "good too\n"));
  EXPECT_EQ(statistics_.skipped_lines, 5u);
  EXPECT_THAT(log_.text(),
              AllOf(HasSubstr(path(0) + ":2: line skipped: not valid JSON at byte 14 of the line: "),
                    HasSubstr(path(0) + ":3: line skipped: expected a JSON object, found array"),
                    HasSubstr(path(0) + ":4: line skipped: the object has no field 'text'"),
                    HasSubstr(path(0) + ":5: line skipped: expected text in the field 'text', found number"),
                    HasSubstr(path(0) + ":6: line skipped: JSON that cannot be read")));
}

TEST_F(DocumentStreamTest, AFileWithoutAGoodJsonLineIsAnError) {
  EXPECT_THAT(
      error_of({"{\"text\": \"good\"}\n", "plain\ntext\n"}, {.format = InputFormat::kJsonl}),
      AllOf(HasSubstr(path(1)), HasSubstr("none of the first 2 lines is a JSON object with text in the field 'text'")));
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "{}\n";
  EXPECT_THAT(error_of({many}, {.format = InputFormat::kJsonl}), HasSubstr("none of the first 100 lines"));
}

TEST_F(DocumentStreamTest, InvalidBytesAreRepairedCountedAndNamed) {
  std::string text = "line one\ncaf\xe9 x\nnu";
  text += std::string(2, '\0') + "l\n";
  EXPECT_THAT(read({text}, {}), ElementsAre("line one caf\ufffd x nul\n"));
  EXPECT_EQ(statistics_.invalid_bytes, 1u);
  EXPECT_EQ(statistics_.nul_bytes, 2u);
  EXPECT_THAT(log_.text(), AllOf(HasSubstr(path(0) + ":2: invalid UTF-8 at byte 12 of the file (0xe9)"),
                                 HasSubstr(path(0) + ":3: NUL byte at byte 18 of the file")));
  EXPECT_THAT(read({"{\"text\": \"a\xff\\u0000b\"}"}, {.format = InputFormat::kJsonl}), ElementsAre("a\ufffd"
                                                                                                    "b\n"));
  EXPECT_EQ(statistics_.invalid_bytes, 1u);
  EXPECT_EQ(statistics_.nul_bytes, 1u);
  EXPECT_THAT(log_.text(), HasSubstr(path(0) + ":1: NUL (\\u0000) in the text, dropped"));
}

TEST_F(DocumentStreamTest, TheLogDoesNotGrowWithTheInput) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "not much of it is odd \xff\n";
  read({text}, {});
  EXPECT_EQ(statistics_.invalid_bytes, 1000u);
  EXPECT_THAT(log_.text(), AllOf(HasSubstr(path(0) + ":5: invalid"),
                                 HasSubstr("more invalid UTF-8; from here on they are only counted"),
                                 Not(HasSubstr(path(0) + ":6: invalid"))));
}

TEST_F(DocumentStreamTest, EmptyFilesAreNamedAndLeaveNoDocument) {
  EXPECT_THAT(read({"", "x", "\n \n"}, {}), ElementsAre("x\n"));
  EXPECT_EQ(statistics_.files, 3u);
  EXPECT_EQ(statistics_.empty_files, 1u);
  EXPECT_THAT(log_.text(), HasSubstr(path(0) + ": the file is empty"));
}

TEST_F(DocumentStreamTest, HugeParagraphsComeInBoundedBlocks) {
  std::string line;
  while (line.size() < 3'000'000) line += "Some words of a sentence. ";
  for (const InputFormat format : {InputFormat::kText, InputFormat::kLines}) {
    DocumentStream stream = open({line}, {.format = format});
    std::string text;
    std::size_t num_blocks = 0;
    for (; const std::optional<TextBlock> block = stream.next(); ++num_blocks) {
      EXPECT_LE(block->text.size(), std::size_t{320} << 10);
      EXPECT_TRUE(block->last || block->text.ends_with("sentence.\n"));
      text += block->text;
    }
    EXPECT_GE(num_blocks, 10u);
    EXPECT_GE(stream.statistics().cut_paragraphs, 10u);
    // Nothing but the white space at the cuts has changed.
    std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
    std::string expected = line;
    std::erase(expected, ' ');
    EXPECT_EQ(text, expected);
  }
}

TEST_F(DocumentStreamTest, BlocksDoNotDependOnWhatCameBefore) {
  std::string document;
  for (int i = 0; i < 20'000; ++i) document += "Line " + std::to_string(i) + (i % 7 == 0 ? ".\n\n" : "\n");
  const ReaderOptions options{.document_separator = "^Line 0"};
  const auto blocks = [&](const std::string& before) {
    DocumentStream stream = open({before + document}, options);
    std::vector<std::string> texts;
    while (const std::optional<TextBlock> block = stream.next()) {
      if (!block->text.starts_with("before")) texts.push_back(block->text);
    }
    return texts;
  };
  EXPECT_GT(blocks("").size(), 3u);
  EXPECT_EQ(blocks("before\n"), blocks(""));
  EXPECT_EQ(blocks("before\nand long enough to move everything\n"), blocks(""));
}

TEST_F(DocumentStreamTest, OptionsWithoutEffectAreErrors) {
  EXPECT_THAT(error_of({"x"}, {.format = InputFormat::kLines, .document_separator = "x"}), HasSubstr("no effect"));
  EXPECT_THAT(error_of({"x"}, {.format = InputFormat::kLines, .paragraph_break = ParagraphBreak::kNewline}),
              HasSubstr("no effect"));
  EXPECT_THAT(error_of({"x"}, {.format = InputFormat::kJsonl, .json_field = ""}), HasSubstr("JSON field is empty"));
}

TEST_F(DocumentStreamTest, ASignalEndsTheReadingOfWhatHoldsNoDocument) {
  const std::string blank(100'000, '\n');
  for (const InputFormat format : {InputFormat::kText, InputFormat::kLines}) {
    DocumentStream stream = open({blank}, {.format = format});
    const StopRequest stop;
    std::raise(SIGUSR1);
    EXPECT_THAT(albert::testing::refusal<Error>([&] { stream.next(); }), HasSubstr("stopped by a signal"));
    EXPECT_EQ(stream.bytes_read(), 0u);
  }
}

TEST_F(DocumentStreamTest, AFileThatDisappearedIsAnError) {
  DocumentStream stream = open({"x"}, {});
  fs::remove(path(0));
  EXPECT_THROW(stream.next(), IoError);
}

TEST_F(DocumentStreamTest, ALongLineBeginsWhereItsFirstPieceDoes) {
  const std::string first = R"({"text": "A first one."})"
                            "\n";
  DocumentStream stream =
      open({first + R"({"text": ")" + std::string(600 << 10, 'a') + "\"}\n"}, {.format = InputFormat::kJsonl});
  std::vector<std::uint64_t> begins;
  while (const std::optional<TextBlock> block = stream.next()) begins.push_back(block->document_begin);
  ASSERT_GT(begins.size(), 2u);
  EXPECT_EQ(begins.front(), 0u);
  EXPECT_EQ(begins[1], first.size());
  EXPECT_EQ(begins.back(), first.size());
}

}  // namespace
}  // namespace albert::corpus
