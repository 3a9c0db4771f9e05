#include "corpus/building/builder.h"

#include <csignal>
#include <fstream>
#include <latch>
#include <map>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/file.h"
#include "base/temporary_entry.h"
#include "corpus/store/corpus.h"
#include "corpus/store/statistics.h"
#include "corpus/store/summary.h"
#include "corpus/store/verify.h"
#include "support/fake_tokenizer.h"
#include "support/log_capture.h"
#include "support/small_corpus.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert::corpus {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::Sentences;
using testing::TemporaryFolder;

constexpr std::int32_t kVocabularySize = 100'000;

/// Documents of a few sentences of numbers; the first number tells them apart.
std::string documents(int first, int last) {
  std::string text;
  for (int i = first; i < last; ++i) {
    text += "DOCUMENT\n\n" + std::to_string(1000 + i) + " and 17.\n";
    for (int j = 0; j < i % 5; ++j) text += "Then " + std::to_string(20 + j) + "\nand 7! What 9?\n\n";
  }
  return text;
}

class BuilderTest : public ::testing::Test {
 protected:
  BuilderTest() {
    options_.output = folder_ / "corpus";
    options_.reader.document_separator = "^DOCUMENT$";
    options_.num_threads = 2;
  }

  void write_input(const std::string& text, const std::string& name = "input.txt") {
    testing::write_file(folder_ / name, text);
    options_.inputs.paths.push_back((folder_ / name).string());
  }

  Manifest build() { return build_corpus(options_, tokenizer_); }

  std::string error_of_build() {
    try {
      build();
    } catch (const Error& error) {
      code_ = static_cast<int>(error.code());
      return error.what();
    }
    return "no error";
  }

  /// Every file of the corpus with its bytes.
  std::map<std::string, std::string> content() const {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(options_.output)) {
      if (entry.is_regular_file()) files[fs::relative(entry.path(), options_.output)] = read_file(entry.path());
    }
    return files;
  }

  /// The numbers that tell the documents of a split apart, in their order.
  std::vector<std::int32_t> documents_of(Split split) const {
    const auto corpus = Corpus::open(options_.output);
    std::vector<std::int32_t> names;
    for (std::uint64_t i = 0; i < corpus->num_documents(split); ++i) {
      names.push_back(testing::sentences_of(corpus->document(split, i))[0][0]);
    }
    return names;
  }

  /// What lies beside the inputs.
  std::vector<std::string> leftovers() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      if (!entry.path().filename().string().starts_with("input")) names.push_back(entry.path().filename());
    }
    return names;
  }

  TemporaryFolder folder_;
  testing::LogCapture log_;
  testing::FakeTokenizer tokenizer_{kVocabularySize};
  BuildOptions options_;
  int code_ = 0;
};

TEST_F(BuilderTest, WritesTheSentencesOfEveryDocument) {
  write_input(documents(0, 3));
  options_.assembly.held_out = 0;
  const Manifest manifest = build();
  const auto corpus = Corpus::open(options_.output);
  ASSERT_EQ(corpus->num_documents(Split::kTrain), 3u);
  EXPECT_EQ(corpus->num_documents(Split::kHeldOut), 0u);
  EXPECT_EQ(testing::sentences_of(corpus->document(Split::kTrain, 0)), (Sentences{{1000, 17}}));
  // "17.\nThen 20\nand 7!" is one wrapped paragraph.
  EXPECT_EQ(testing::sentences_of(corpus->document(Split::kTrain, 2)),
            (Sentences{{1002, 17}, {20, 7}, {9}, {21, 7}, {9}}));
  EXPECT_EQ(read_manifest(options_.output), manifest);
  EXPECT_THAT(verify(options_.output).problems, IsEmpty());
  EXPECT_EQ(manifest.tokenizer_fingerprint, tokenizer_.fingerprint());
  EXPECT_EQ(read_file(corpus->tokenizer_folder() / "spiece.model"), "fake");
  EXPECT_EQ(manifest.settings.at("document_separator"), "^DOCUMENT$");
  EXPECT_EQ(manifest.statistics.at(statistic::kFiles), 1u);
  EXPECT_EQ(manifest.statistics.at(statistic::kTextBytes), documents(0, 3).size());
}

TEST_F(BuilderTest, TheBytesDoNotDependOnTheNumberOfThreads) {
  write_input(documents(0, 2000));
  std::string huge;
  for (int i = 0; i < 60'000; ++i) huge += "Sentence " + std::to_string(i) + ".\n";
  write_input("DOCUMENT\n" + huge, "input2.txt");
  options_.assembly.held_out = 0.1;
  options_.overwrite = true;
  std::map<std::string, std::string> expected;
  for (const std::size_t num_threads : {1, 2, 5}) {
    options_.num_threads = num_threads;
    build();
    if (expected.empty()) expected = content();
    EXPECT_EQ(content(), expected) << num_threads << " threads";
  }
  EXPECT_EQ(expected.size(), 4u);  // manifest, two shards, tokenizer
}

TEST_F(BuilderTest, TheBytesDoNotDependOnWhereTheInputLies) {
  write_input(documents(0, 50));
  build();
  const auto expected = content();
  fs::create_directory(folder_ / "input-elsewhere");
  options_.inputs.paths.clear();
  write_input(documents(0, 50), "input-elsewhere/other-name");
  options_.output = folder_ / "elsewhere";
  build();
  EXPECT_EQ(content(), expected);
}

TEST_F(BuilderTest, TheSplitIsStableWhenTheCorpusGrows) {
  options_.assembly.held_out = 0.1;
  options_.overwrite = true;
  write_input(documents(0, 400));
  build();
  const auto train = documents_of(Split::kTrain);
  const auto held_out = documents_of(Split::kHeldOut);
  EXPECT_GT(held_out.size(), 20u);
  EXPECT_LT(held_out.size(), 70u);
  EXPECT_EQ(train.size() + held_out.size(), 400u);

  options_.inputs.paths.clear();
  write_input(documents(400, 700), "input0.txt");  // before the others
  options_.inputs.paths.push_back((folder_ / "input.txt").string());
  build();
  const auto more_train = documents_of(Split::kTrain);
  const auto more_held_out = documents_of(Split::kHeldOut);
  EXPECT_EQ(more_train.size() + more_held_out.size(), 700u);
  EXPECT_TRUE(std::equal(train.rbegin(), train.rend(), more_train.rbegin()));
  EXPECT_TRUE(std::equal(held_out.rbegin(), held_out.rend(), more_held_out.rbegin()));
}

TEST_F(BuilderTest, IfNoneFallsUnderTheShareTheSmallestHashIsHeldOut) {
  options_.assembly.held_out = 1e-9;
  options_.overwrite = true;
  write_input(documents(0, 40));
  build();
  const auto held_out = documents_of(Split::kHeldOut);
  ASSERT_EQ(held_out.size(), 1u);
  EXPECT_EQ(documents_of(Split::kTrain).size(), 39u);
  EXPECT_THAT(verify(options_.output).problems, IsEmpty());
  // It is the first that a growing share holds out.
  for (options_.assembly.held_out = 1e-4; options_.assembly.held_out < 1; options_.assembly.held_out *= 3) {
    build();
    const auto more = documents_of(Split::kHeldOut);
    EXPECT_THAT(more, ::testing::Contains(held_out[0]));
    if (more.size() > 1) break;
  }
}

TEST_F(BuilderTest, TheTrainingPartIsNeverEmpty) {
  options_.assembly.held_out = 0.999999;
  options_.overwrite = true;
  write_input(documents(0, 10));
  build();
  EXPECT_EQ(documents_of(Split::kTrain).size(), 1u);
  EXPECT_EQ(documents_of(Split::kHeldOut).size(), 9u);
  EXPECT_THAT(verify(options_.output).problems, IsEmpty());

  for (const double held_out : {0.01, 0.999999}) {
    options_.assembly.held_out = held_out;
    options_.inputs.paths.clear();
    write_input(documents(0, 1));
    build();
    EXPECT_EQ(documents_of(Split::kTrain).size(), 1u);
    EXPECT_THAT(documents_of(Split::kHeldOut), IsEmpty());
  }
  EXPECT_THAT(log_.text(), HasSubstr("the corpus is one document, as no line within it matches --document-separator"));
  options_.reader.document_separator.clear();
  build();
  EXPECT_THAT(log_.text(), HasSubstr("the corpus is one document, so none"));
}

TEST_F(BuilderTest, SectionsOfOneDocumentAreHeldOut) {
  std::string text;
  for (int i = 0; i < 40'000; ++i) text += std::to_string(5 + i) + ".\n\n";
  write_input(text);
  options_.reader.document_separator.clear();
  options_.assembly.held_out_by = HeldOutBy::kSections;
  options_.overwrite = true;
  for (const double held_out : {0.3, 1e-9}) {
    options_.assembly.held_out = held_out;
    const Manifest manifest = build();
    EXPECT_EQ(manifest.settings.at("held_out_by"), "sections");
    EXPECT_THAT(verify(options_.output).problems, IsEmpty());
    // Each document is a stretch of the text, and together they are all of it.
    const auto corpus = Corpus::open(options_.output);
    std::map<std::int32_t, std::int32_t> stretches;
    for (const Split split : {Split::kTrain, Split::kHeldOut}) {
      for (std::uint64_t i = 0; i < corpus->num_documents(split); ++i) {
        const Sentences sentences = testing::sentences_of(corpus->document(split, i));
        for (std::size_t j = 1; j < sentences.size(); ++j) ASSERT_EQ(sentences[j][0], sentences[j - 1][0] + 1);
        stretches[sentences.front()[0]] = sentences.back()[0];
      }
    }
    std::int32_t next = 5;
    for (const auto& [first, last] : stretches) {
      EXPECT_EQ(first, next);
      next = last + 1;
    }
    EXPECT_EQ(next, 40'005);
    const auto held_out_tokens = static_cast<double>(manifest.counts(Split::kHeldOut).tokens);
    EXPECT_GT(held_out_tokens, held_out * 40'000 / 3);
    EXPECT_LT(held_out_tokens, std::max(2 * held_out * 40'000, 4000.0));
    EXPECT_LE(manifest.counts(Split::kTrain).documents, manifest.counts(Split::kHeldOut).documents + 1);
  }
}

TEST_F(BuilderTest, OneSectionIsNotAdvisedToBeSplitIntoSections) {
  write_input("5 6. 7\n\n8 9. 10\n");
  options_.reader.document_separator.clear();
  options_.assembly.held_out_by = HeldOutBy::kSections;
  build();
  EXPECT_THAT(log_.text(), AllOf(HasSubstr("the corpus is one section of 16 KiB, so none is held out"),
                                 Not(HasSubstr("--held-out-by sections"))));
}

TEST_F(BuilderTest, AHeldOutPartThatSaysNothingIsWarnedOf) {
  write_input(documents(0, 40));
  options_.overwrite = true;
  options_.assembly.held_out = 1e-9;
  build();
  EXPECT_THAT(log_.text(), AllOf(HasSubstr("held out: 1 of 40 documents with 8 tokens, 2.5% of all"),
                                 HasSubstr("--held-out-by sections")));
  write_input(documents(40, 6000), "input2.txt");
  options_.assembly.held_out = 0.5;
  const std::string before = log_.text();
  build();
  EXPECT_EQ(log_.text(), before);
}

TEST_F(BuilderTest, CharactersThatTheVocabularyLacksAreListed) {
  const testing::FakeTokenizer small(8);
  write_input("DOCUMENT\n5 98. 7\nDOCUMENT\n6 9! 7\n");
  const Manifest manifest = build_corpus(options_, small);
  EXPECT_THAT(manifest.unknown_characters, ElementsAre(std::pair("8", 1u), std::pair("9", 2u)));
  EXPECT_EQ(read_manifest(options_.output), manifest);
  EXPECT_THAT(summary_text(manifest), HasSubstr("2 9 (U+0039), 1 8 (U+0038)"));
}

TEST_F(BuilderTest, UnreadableFilesAreCounted) {
  write_input(documents(0, 10));
  write_input("\x89PNG\r\n", "input2.png");
  EXPECT_THAT(error_of_build(), HasSubstr("input2.png: expected text, found an image (PNG)"));
  EXPECT_EQ(code_, 3);
  EXPECT_THAT(leftovers(), IsEmpty());
  options_.reader.skip_unreadable = true;
  EXPECT_THAT(summary_text(build()), HasSubstr("1 unreadable file left out or cut short"));
}

TEST_F(BuilderTest, AnExistingOutputIsRefusedUnlessItIsACorpusToOverwrite) {
  write_input(documents(0, 10));
  fs::create_directory(options_.output);
  build();  // an empty folder is no obstacle
  EXPECT_THAT(error_of_build(), AllOf(HasSubstr(options_.output.string() + " exists"), HasSubstr("--overwrite")));
  EXPECT_EQ(code_, 2);
  options_.overwrite = true;
  EXPECT_NO_THROW(build());

  options_.output = folder_ / "precious";
  fs::create_directory(options_.output);
  testing::write_file(options_.output / "thesis.txt", "x");
  EXPECT_THAT(error_of_build(), HasSubstr("is no corpus"));
  EXPECT_EQ(read_file(options_.output / "thesis.txt"), "x");
}

TEST_F(BuilderTest, AFailedOverwriteLeavesTheOldCorpus) {
  write_input(documents(0, 10));
  build();
  const auto expected = content();
  options_.overwrite = true;
  options_.inputs.paths.push_back((folder_ / "input-broken.gz").string());
  testing::write_file(options_.inputs.paths.back(), "\x1f\x8b\x08");
  EXPECT_THAT(error_of_build(), HasSubstr("input-broken.gz: truncated"));
  EXPECT_EQ(code_, 3);
  EXPECT_EQ(content(), expected);
  EXPECT_THAT(leftovers(), ElementsAre("corpus"));
}

TEST_F(BuilderTest, AnOutputInsideTheInputIsRefused) {
  write_input(documents(0, 10));
  options_.inputs.paths = {folder_.path().string()};
  EXPECT_THAT(error_of_build(), HasSubstr("lies in the input folder"));
  EXPECT_THAT(leftovers(), IsEmpty());
}

TEST_F(BuilderTest, ACorpusThatAPatternMatchesIsNotReadAsText) {
  write_input(documents(0, 10));
  options_.output = folder_ / "input-corpus";
  options_.inputs.paths = {(folder_ / "input*").string()};
  options_.overwrite = true;
  build();
  const auto expected = content();
  EXPECT_THAT(error_of_build(), AllOf(HasSubstr("the output " + options_.output.string() + " lies in the input folder"),
                                      HasSubstr("would be read as text")));
  EXPECT_EQ(code_, 2);
  EXPECT_EQ(content(), expected);
}

TEST_F(BuilderTest, InputWithoutTextIsAnError) {
  write_input("");
  write_input("\n \n", "input2.txt");
  EXPECT_THAT(error_of_build(), HasSubstr("the input holds no text: no sentence was found in 2 files"));
  EXPECT_EQ(code_, 3);
  EXPECT_THAT(leftovers(), IsEmpty());
  options_.inputs.paths = {(folder_ / "none").string()};
  EXPECT_THAT(error_of_build(), HasSubstr((folder_ / "none").string()));
  EXPECT_EQ(code_, 5);
  EXPECT_THAT(leftovers(), IsEmpty());
}

TEST_F(BuilderTest, WrongOptionsAreUsageErrors) {
  write_input(documents(0, 10));
  for (const double share : {-0.1, 1.0}) {
    options_.assembly.held_out = share;
    EXPECT_THAT(error_of_build(), HasSubstr("from 0 to below 1"));
  }
  options_.assembly.held_out = 0;
  options_.assembly.held_out_by = HeldOutBy::kSections;
  EXPECT_THAT(error_of_build(), HasSubstr("has no effect where nothing is held out"));
  options_.assembly.held_out = 0.1;
  options_.language = "xx";
  EXPECT_THAT(error_of_build(), HasSubstr("unknown language 'xx'"));
  options_.language = "";
  EXPECT_THAT(error_of_build(), HasSubstr("--language: expected an ISO 639 code"));
  EXPECT_EQ(code_, 2);
  EXPECT_THAT(leftovers(), IsEmpty());
}

TEST_F(BuilderTest, CountsWhatWasRepaired) {
  write_input("DOCUMENT 5.\n\nDOCUMENT\n\xff 6 99999999\nDOCUMENT\n...\n" + std::string(1, '\0'));
  write_input("", "input2.txt");
  const Manifest manifest = build();
  EXPECT_EQ(manifest.statistics.at(statistic::kInvalidBytes), 1u);
  EXPECT_EQ(manifest.statistics.at(statistic::kNulBytes), 1u);
  EXPECT_EQ(manifest.statistics.at(statistic::kEmptyDocuments), 1u);
  EXPECT_EQ(manifest.statistics.at(statistic::kEmptyFiles), 1u);
  EXPECT_EQ(manifest.statistics.at(statistic::kUnknownTokens), 1u);
  EXPECT_THAT(log_.text(), HasSubstr("33.3% of the tokens are unknown"));
  EXPECT_THAT(summary_text(manifest),
              AllOf(HasSubstr("1 byte of invalid UTF-8 replaced"), HasSubstr("1 unknown token (33.333%)")));
}

// A file that may not grow is a disk that is full, but for errno.
TEST_F(BuilderTest, AFullDiskLeavesNothing) {
  write_input(documents(0, 20'000));
  rlimit old{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old), 0);
  const rlimit small{100'000, old.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const std::string error = error_of_build();
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &old), 0);
  std::signal(SIGXFSZ, handler);
  EXPECT_THAT(error, HasSubstr("cannot write"));
  EXPECT_EQ(code_, 5);
  EXPECT_THAT(leftovers(), IsEmpty());
}

TEST_F(BuilderTest, ASignalStopsItAndLeavesNothing) {
  // The pipe's other end is opened when the build reads, so the signal comes while it runs.
  const std::string pipe = folder_ / "input-pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  options_.inputs.paths = {pipe};
  std::jthread writer([&] {
    std::ofstream output(pipe);
    std::raise(SIGINT);
    output << documents(0, 100);
  });
  EXPECT_THAT(error_of_build(), HasSubstr("stopped by a signal"));
  EXPECT_EQ(code_, 128 + SIGINT);
  EXPECT_THAT(leftovers(), IsEmpty());
}

TEST_F(BuilderTest, ASignalStopsItWhileItWaitsForAPipe) {
  const std::string pipe = folder_ / "input-pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  options_.inputs.paths = {pipe};
  std::latch stopped(1);
  std::jthread writer([&] {
    const std::ofstream output(pipe);
    std::raise(SIGINT);
    stopped.wait();
  });
  EXPECT_THAT(error_of_build(), HasSubstr("stopped by a signal; no corpus was written"));
  EXPECT_EQ(code_, 128 + SIGINT);
  stopped.count_down();
  EXPECT_THAT(leftovers(), IsEmpty());
}

TEST_F(BuilderTest, AFolderThatHoldsMoreThanACorpusIsNotReplaced) {
  write_input(documents(0, 10));
  build();
  options_.overwrite = true;
  build();
  testing::write_file(options_.output / "notes.md", "mine");
  EXPECT_THAT(error_of_build(), HasSubstr("it holds notes.md"));
  EXPECT_TRUE(fs::exists(options_.output / "notes.md"));
}

TEST_F(BuilderTest, TheLeftoverOfAKilledBuildIsNoCorpusAndIsReplaced) {
  write_input(documents(0, 10));
  const fs::path leftover = temporary_name(options_.output, "partial");
  fs::create_directory(leftover);
  fs::permissions(leftover, fs::perms::sticky_bit, fs::perm_options::add);  // as a TemporaryEntry is marked
  testing::write_file(leftover / "train-00000.shard", "half");
  EXPECT_THROW(Corpus::open(leftover), DataError);
  build();
  EXPECT_THAT(leftovers(), ElementsAre("corpus"));
  EXPECT_THAT(verify(options_.output).problems, IsEmpty());
}

}  // namespace
}  // namespace albert::corpus
