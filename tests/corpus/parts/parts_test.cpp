#include <csignal>
#include <fstream>
#include <functional>
#include <map>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>
#include <sys/stat.h>

#include "base/descriptor.h"
#include "base/error.h"
#include "base/file.h"
#include "base/signals.h"
#include "base/temporary_entry.h"
#include "corpus/building/builder.h"
#include "corpus/gzip.h"
#include "corpus/parts/merger.h"
#include "corpus/parts/part_builder.h"
#include "corpus/parts/part_folders.h"
#include "corpus/store/checked_json.h"
#include "corpus/store/statistics.h"
#include "corpus/store/summary.h"
#include "corpus/store/verify.h"
#include "support/fake_tokenizer.h"
#include "support/log_capture.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert::corpus {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TemporaryFolder;

/// Documents of a few sentences of numbers, some of several blocks, each begun by a line "DOCUMENT".
std::string documents(int first, int last, const std::string& line_end = "\n") {
  std::string text;
  for (int i = first; i < last; ++i) {
    text += fmt::format("DOCUMENT{0}{0}{1} and 17.{0}", line_end, 1000 + i);
    const int num_paragraphs = i % 97 == 5 ? 4000 : i % 5;
    for (int j = 0; j < num_paragraphs; ++j) {
      text += fmt::format("Then {1}{0}and 7! What \xff 9?{0}{0}", line_end, 20 + j);
    }
  }
  return text;
}

class PartsTest : public ::testing::Test {
 protected:
  PartsTest() {
    options_.output = folder_ / "corpus";
    options_.reader.document_separator = "^DOCUMENT$";
    options_.assembly.held_out = 0.1;
    options_.num_threads = 2;
  }

  void write_input(const std::string& name, const std::string& text) {
    testing::write_file(folder_ / name, text);
    options_.inputs.paths.push_back((folder_ / name).string());
  }

  BuiltPart build_part(std::uint64_t number, std::uint64_t count, const std::string& parts = "parts") {
    BuildOptions options = options_;
    options.output = folder_ / parts;
    return corpus::build_part(options, {.number = number, .count = count}, tokenizer_, version_);
  }

  void build_parts(std::uint64_t count, const std::string& parts = "parts") {
    for (std::uint64_t i = count; i > 0; --i) build_part(i, count, parts);
  }

  Manifest merge(const std::vector<fs::path>& folders, const std::string& output = "merged") {
    return merge_corpus(find_parts(folders, PartKind::kCorpus, version_), folder_ / output, true, tokenizer_);
  }

  std::string error_of(const std::function<void()>& action) {
    try {
      action();
    } catch (const Error& error) {
      code_ = static_cast<int>(error.code());
      return error.what();
    }
    return "no error";
  }
  std::string error_of_merge() {
    return error_of([this] { merge({folder_ / "parts"}); });
  }

  /// Every file of a folder with its bytes.
  static std::map<std::string, std::string> content(const fs::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file()) files[fs::relative(entry.path(), folder)] = read_file(entry.path());
    }
    return files;
  }

  /// That parts give the same corpus as one build, whatever their number.
  void expect_the_same_in_parts(std::initializer_list<std::uint64_t> counts) {
    options_.overwrite = true;
    build_corpus(options_, tokenizer_);
    const auto expected = content(options_.output);
    for (const std::uint64_t count : counts) {
      fs::remove_all(folder_ / "parts");
      build_parts(count);
      merge({folder_ / "parts"});
      EXPECT_EQ(content(folder_ / "merged"), expected) << count << " parts";
    }
    EXPECT_THAT(verify(folder_ / "merged").problems, IsEmpty());
  }

  TemporaryFolder folder_;
  testing::LogCapture log_;
  testing::FakeTokenizer tokenizer_{100'000};
  BuildOptions options_;
  std::string version_ = "1.2.3";
  int code_ = 0;
};

TEST_F(PartsTest, GiveTheCorpusOfOneBuild) {
  write_input("a.txt", documents(0, 300));
  write_input("b.txt", "");
  write_input("c.txt", documents(300, 301));
  write_input("d.txt", "\xef\xbb\xbf" + documents(301, 420, "\r\n"));
  write_input("e.txt", "");
  expect_the_same_in_parts({1, 3, 20});
}

TEST_F(PartsTest, GiveTheCorpusOfOneBuildBySections) {
  options_.assembly.held_out_by = HeldOutBy::kSections;
  write_input("a.txt", documents(0, 300));
  expect_the_same_in_parts({2, 5});
  options_.assembly.held_out = 1e-12;  // so that one has to change its split
  expect_the_same_in_parts({2, 5});
}

TEST_F(PartsTest, GiveTheCorpusOfOneBuildOfTextWithoutSeparators) {
  options_.reader.document_separator.clear();
  for (int i = 0; i < 40; ++i) write_input("input" + std::to_string(i), documents(i, i + 1 + i % 7));
  expect_the_same_in_parts({3, 60});
  EXPECT_THAT(log_.text(), HasSubstr("60 parts are more than the input can be cut into"));
}

TEST_F(PartsTest, GiveTheCorpusOfOneBuildOfLines) {
  options_.reader.document_separator.clear();
  options_.reader.format = InputFormat::kLines;
  std::string text = "\n \n";
  for (int i = 0; i < 2000; ++i)
    text += std::to_string(5 + i) + " 6" + (i % 3 == 0 ? "\r\n \t\r\n" : i % 7 == 0 ? "\r" : "\n");
  write_input("a.txt", text);
  expect_the_same_in_parts({1, 17});
}

TEST_F(PartsTest, GiveTheCorpusOfOneBuildOfJsonLines) {
  options_.reader.document_separator.clear();
  options_.reader.format = InputFormat::kJsonl;
  std::string text;
  for (int i = 0; i < 90; ++i)
    text += R"({"no": 1})"
            "\n";
  for (int i = 0; i < 2000; ++i)
    text += i % 50 == 0 ? "broken\n"
                        : fmt::format(R"({{"text": "{} 6"}})"
                                      "\n",
                                      5 + i);
  write_input("a.jsonl", text);
  expect_the_same_in_parts({1, 17});
}

TEST_F(PartsTest, GiveTheCorpusOfOneBuildOfLongJsonLinesWithoutDuplicates) {
  options_.reader.document_separator.clear();
  options_.reader.format = InputFormat::kJsonl;
  options_.assembly.deduplicate = Deduplicate::kNear;
  const auto line_of = [](int i) {
    std::string line = R"({"text": ")";
    const int num_sentences = i % 20 == 7 ? 25'000 : 3;  // 400 KB, more than a piece
    for (int j = 0; j < num_sentences; ++j) line += fmt::format("{} and {}. ", 10 + i, 1000 + j);
    return line + "\"}\n";
  };
  std::string text;
  for (int i = 0; i < 45; ++i) text += line_of(i % 40);
  write_input("a.jsonl", text);
  write_input("b.jsonl", line_of(27) + line_of(50) + line_of(27));
  expect_the_same_in_parts({1, 3, 17});
  const Manifest manifest = read_manifest(folder_ / "merged");
  EXPECT_EQ(manifest.statistics.at(statistic::kExactDuplicates), 7u);
  for (const DuplicateRecord& each : manifest.duplicates) {
    EXPECT_EQ(each.like_file, 1u);
    const std::string& file = each.file == 1 ? text : line_of(27) + line_of(50) + line_of(27);
    EXPECT_EQ(file.substr(each.byte, 40), text.substr(each.like_byte, 40));
    EXPECT_TRUE(file.substr(each.byte).starts_with(R"({"text")")) << each.byte;
  }
}

TEST_F(PartsTest, GiveTheCorpusOfOneBuildOfCompressedFiles) {
  for (int i = 0; i < 7; ++i) {
    const std::string text = documents(10 * i, 10 * i + 10);
    write_input(fmt::format("{}.txt{}", i, i % 2 == 0 ? ".gz" : ""), i % 2 == 0 ? testing::gzip(text) : text);
  }
  expect_the_same_in_parts({1, 3, 9});
}

TEST_F(PartsTest, JsonLinesThatOneBuildRefusesAreRefused) {
  options_.reader.document_separator.clear();
  options_.reader.format = InputFormat::kJsonl;
  std::string text;
  for (int i = 0; i < 120; ++i)
    text += R"({"no": 1})"
            "\n";
  write_input("a.jsonl", text + "{\"text\": \"5 6\"}\n");
  EXPECT_THAT(error_of([this] { build_corpus(options_, tokenizer_); }), HasSubstr("none of the first 100 lines"));
  build_parts(5);
  EXPECT_THAT(error_of_merge(), AllOf(HasSubstr("file 1 of the input: none of the first 120 lines is a JSON object")));
  EXPECT_EQ(code_, 3);
}

TEST_F(PartsTest, APartMayHoldNothingButUnreadableFiles) {
  options_.reader.skip_unreadable = true;
  write_input("a.png", "\x89PNG\r\n" + std::string(100'000, '\1'));
  write_input("b.txt", documents(10, 40));
  write_input("c.txt", documents(40, 50));
  expect_the_same_in_parts({2, 5});
  options_.inputs.paths.resize(1);
  EXPECT_THAT(error_of([this] { build_corpus(options_, tokenizer_); }), HasSubstr("no input file could be read"));
  fs::remove_all(folder_ / "parts");
  build_parts(2);
  EXPECT_THAT(error_of_merge(), HasSubstr("no input file could be read"));
}

TEST_F(PartsTest, APipeIsThePartAlready) {
  const auto with_pipes = [this](const std::vector<std::string>& texts, const std::function<void()>& action) {
    options_.inputs.paths.clear();
    std::vector<std::jthread> writers;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const fs::path pipe = folder_ / ("pipe" + std::to_string(i));
      fs::remove(pipe);
      ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
      options_.inputs.paths.push_back(pipe.string());
      writers.emplace_back([pipe, text = texts[i]] { std::ofstream(pipe) << text; });
    }
    action();
  };
  const std::vector<std::string> texts = {documents(0, 90), documents(40, 130), documents(130, 140)};
  options_.assembly.deduplicate = Deduplicate::kExact;
  with_pipes(texts, [this] { build_corpus(options_, tokenizer_); });
  for (std::size_t i = 0; i < texts.size(); ++i) with_pipes({texts[i]}, [&] { build_part(i + 1, texts.size()); });
  const Manifest manifest = merge({folder_ / "parts"});
  EXPECT_EQ(content(folder_ / "merged"), content(options_.output));
  EXPECT_EQ(manifest.statistics.at(statistic::kExactDuplicates), 50u);
  EXPECT_EQ(manifest.duplicates.front().file, 2u);
  EXPECT_EQ(manifest.duplicates.front().like_file, 1u);

  write_input("a.txt", documents(0, 3));
  options_.inputs.paths.push_back((folder_ / "pipe0").string());
  EXPECT_THAT(error_of([this] { build_part(1, 2); }), HasSubstr("found a pipe among"));
}

TEST_F(PartsTest, APipeIsReadToItsEndWhereThePartIsThere) {
  const fs::path pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  options_.inputs.paths = {pipe.string()};
  const auto build_of = [&](const std::string& text) {
    bool is_written = false;
    std::jthread writer([&] { is_written = static_cast<bool>(std::ofstream(pipe) << text << std::flush); });
    const auto build = [&] {
      const BuiltPart built = build_part(2, 3);
      writer.join();
      EXPECT_TRUE(is_written);
      return built.was_there;
    };
    return build();
  };
  const std::string text = documents(0, 300);  // more than a pipe holds
  EXPECT_FALSE(build_of(text));
  EXPECT_TRUE(build_of(text));
  EXPECT_THAT(error_of([&] { build_of(documents(1, 301)); }), HasSubstr("its text is not the one"));
  EXPECT_EQ(code_, 2);
}

TEST_F(PartsTest, WhatTheProcessWasGivenOpenIsThePartAlready) {
  write_input("a.txt", documents(0, 60));
  build_corpus(options_, tokenizer_);
  const std::vector<std::string> texts = {documents(0, 20), documents(20, 60)};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    testing::write_file(folder_ / "shard.txt", texts[i]);
    const Descriptor shard(folder_ / "shard.txt", O_RDONLY);
    options_.inputs.paths = {fmt::format("/dev/fd/{}", shard.value())};
    build_part(i + 1, texts.size());
  }
  merge({folder_ / "parts"});
  EXPECT_EQ(content(folder_ / "merged").at("train-00000.shard"), content(options_.output).at("train-00000.shard"));
}

TEST_F(PartsTest, PartsMayLieInSeveralFolders) {
  write_input("a.txt", documents(0, 100));
  build_corpus(options_, tokenizer_);
  build_part(1, 3, "one");
  build_part(2, 3, "two");
  build_part(3, 3, "one");
  merge({folder_ / "two", folder_ / "one" / "part-00003-of-00003", folder_ / "one"});
  EXPECT_EQ(content(folder_ / "merged"), content(options_.output));
}

TEST_F(PartsTest, APartThatIsThereAndWholeIsLeft) {
  write_input("a.txt", documents(0, 100));
  EXPECT_FALSE(build_part(2, 3).was_there);
  const auto expected = content(folder_ / "parts");
  EXPECT_TRUE(build_part(2, 3).was_there);
  EXPECT_EQ(content(folder_ / "parts"), expected);

  options_.assembly.held_out = 0.2;
  EXPECT_THAT(error_of([this] { build_part(2, 3); }),
              AllOf(HasSubstr("part-00002-of-00003 exists, but cannot be left as it is: the setting held_out: expected "
                              "'0.2', found '0.1'"),
                    HasSubstr("--overwrite")));
  EXPECT_EQ(code_, 2);
  options_.assembly.held_out = 0.1;
  testing::write_file(folder_ / "parts/part-00002-of-00003/blocks", "x");
  EXPECT_THAT(error_of([this] { build_part(2, 3); }), HasSubstr("blocks: expected"));
  options_.overwrite = true;
  EXPECT_FALSE(build_part(2, 3).was_there);
  EXPECT_EQ(content(folder_ / "parts"), expected);
}

TEST_F(PartsTest, APartOfATextThatHasChangedIsNotLeft) {
  std::string text = documents(0, 300);
  write_input("a.txt", text);
  build_parts(3);
  const std::string whole = text;
  text.replace(text.find("and", text.size() * 3 / 4), 3, "AND");  // in the last part, and far from the ends
  testing::write_file(folder_ / "a.txt", text);
  EXPECT_TRUE(build_part(1, 3).was_there);
  EXPECT_THAT(
      error_of([this] { build_part(3, 3); }),
      AllOf(HasSubstr("part-00003-of-00003 exists, but cannot be left as it is: its input has the same names and "
                      "sizes, but its text is not the one that the part was made of"),
            HasSubstr("--overwrite")));
  EXPECT_EQ(code_, 2);
  testing::write_file(folder_ / "a.txt", "T" + whole.substr(1));  // what all parts look at
  EXPECT_THAT(error_of([this] { build_part(1, 3); }), HasSubstr("the input: expected 1 file of"));
}

TEST_F(PartsTest, AFolderThatHoldsMoreThanAPartIsNotReplaced) {
  write_input("a.txt", documents(0, 100));
  build_part(1, 2);
  const fs::path notes = folder_ / "parts/part-00001-of-00002/notes.txt";
  testing::write_file(notes, "mine");
  options_.overwrite = true;
  EXPECT_THAT(error_of([this] { build_part(1, 2); }), HasSubstr("it holds notes.txt"));
  EXPECT_EQ(code_, 2);
  EXPECT_EQ(read_file(notes), "mine");
}

TEST_F(PartsTest, OnlyAPartOfTheSameKindIsReplaced) {
  write_input("a.txt", documents(0, 100));
  build_part(1, 1);
  const fs::path part = folder_ / "parts/part-00001-of-00001";
  EXPECT_EQ(why_no_part(part, PartKind::kCorpus), "");
  EXPECT_THAT(why_no_part(part, PartKind::kSample), HasSubstr("expected a part of a sample, found one of a corpus"));
  testing::write_file(part / kPartManifestName, "{\"mine\": 1}");
  EXPECT_NE(why_no_part(part, PartKind::kCorpus), "");
}

TEST_F(PartsTest, PartsWithoutTextAreMergedAsOneBuildIs) {
  write_input("a.txt", "");
  const std::string message = error_of([this] { build_corpus(options_, tokenizer_); });
  EXPECT_THAT(message, HasSubstr("the input holds no text"));
  build_parts(2);
  EXPECT_EQ(error_of_merge(), message);
  EXPECT_EQ(code_, 3);
  EXPECT_FALSE(fs::exists(folder_ / "merged"));
}

TEST_F(PartsTest, PartsOfAnotherVersionOfTheProgramAreNotMerged) {
  write_input("a.txt", documents(0, 100));
  build_parts(2);
  version_ = "1.3.0";
  EXPECT_THAT(error_of_merge(), AllOf(HasSubstr("part-00001-of-00002 was made by the version 1.2.3 of this program, "
                                                "which is 1.3.0"),
                                      HasSubstr("build them again")));
  EXPECT_EQ(code_, 3);
}

TEST_F(PartsTest, ASignalEndsTheReadingOfAPart) {
  write_input("a.txt", documents(0, 100));
  build_parts(1);
  const std::vector<FoundPart> parts = find_parts({folder_ / "parts"}, PartKind::kCorpus, version_);
  const StopRequest stop;
  std::raise(SIGUSR1);
  EXPECT_THAT(error_of([&] { check_content(parts); }), HasSubstr("stopped by a signal"));
  EXPECT_EQ(code_, 128 + SIGUSR1);
}

TEST_F(PartsTest, APartOfAnUnknownKindIsNoPart) {
  const std::string text = to_checked_text({{"version", PartManifest::kVersion}, {"kind", "index"}});
  testing::write_file(folder_ / std::string(kPartManifestName), text);
  EXPECT_THAT(error_of([this] { read_part_manifest(folder_.path(), PartKind::kCorpus); }),
              HasSubstr("expected a part of a corpus or of a sample, found one of 'index'"));
  EXPECT_EQ(code_, 3);
}

TEST_F(PartsTest, TheLeftoverOfAKilledBuildIsNoPart) {
  write_input("a.txt", documents(0, 100));
  build_parts(2);
  const fs::path part = folder_ / "parts/part-00002-of-00002";
  const fs::path leftover = temporary_name(part, "partial");
  fs::rename(part, leftover);
  fs::permissions(leftover, fs::perms::sticky_bit, fs::perm_options::add);  // as a TemporaryEntry is marked
  EXPECT_THAT(error_of_merge(), HasSubstr("part 2 of 2 is missing"));
  build_part(2, 2);
  EXPECT_FALSE(fs::exists(leftover));
  merge({folder_ / "parts"});
}

TEST_F(PartsTest, AMissingPartIsNamed) {
  write_input("a.txt", documents(0, 100));
  build_parts(5);
  for (const char* name : {"parts/part-00002-of-00005", "parts/part-00005-of-00005"}) fs::remove_all(folder_ / name);
  EXPECT_THAT(error_of_merge(), HasSubstr("expected 5 parts, found 3: parts 2 and 5 of 5 are missing; build each, the "
                                          "first with --part 2/5"));
  EXPECT_EQ(code_, 3);
  fs::create_directory(folder_ / "empty");
  EXPECT_THAT(error_of([this] { merge({folder_ / "empty"}); }), HasSubstr("no part of a corpus lies there"));
  EXPECT_FALSE(fs::exists(folder_ / "merged"));
}

TEST_F(PartsTest, ADoubledPartIsNamed) {
  write_input("a.txt", documents(0, 100));
  build_parts(3);
  build_part(2, 3, "more");
  EXPECT_THAT(error_of([this] {
                merge({folder_ / "parts", folder_ / "more"});
              }),
              AllOf(HasSubstr("part 2/3 is there twice"), HasSubstr("more/part-00002-of-00003"),
                    HasSubstr("parts/part-00002-of-00003")));
  EXPECT_EQ(code_, 3);
}

TEST_F(PartsTest, ADamagedPartIsNamed) {
  write_input("a.txt", documents(10, 100));
  build_parts(3);
  const fs::path part = folder_ / "parts/part-00002-of-00003";
  for (const char* name : {"blocks", "tokenizer/spiece.model", "part.json"}) {
    std::string bytes = read_file(part / name);
    const std::string before = bytes;
    bytes[bytes.size() / 2] ^= 1;
    testing::write_file(part / name, bytes);
    EXPECT_THAT(error_of_merge(), AllOf(HasSubstr("part-00002-of-00003/" + std::string(name)), HasSubstr("expected")));
    EXPECT_EQ(code_, 3);
    testing::write_file(part / name, before);
  }
  merge({folder_ / "parts"});
}

TEST_F(PartsTest, AForeignPartIsNamed) {
  write_input("a.txt", documents(0, 100));
  build_parts(3);
  const auto expect_foreign = [this](const std::function<void()>& change, const std::string& message) {
    const BuildOptions before = options_;
    options_.overwrite = true;
    change();
    EXPECT_THAT(error_of_merge(), AllOf(HasSubstr("part-00003-of-0000"), HasSubstr("is no part of the same corpus as"),
                                        HasSubstr(message)));
    EXPECT_EQ(code_, 3);
    options_ = before;
    options_.overwrite = true;
    build_part(3, 3);
    options_.overwrite = false;
  };
  expect_foreign([this] { build_part(3, 4); }, "the number of parts: expected 3, found 4");
  fs::remove_all(folder_ / "parts/part-00003-of-00004");
  expect_foreign(
      [this] {
        options_.language = "de";
        build_part(3, 3);
      },
      "the setting language: expected 'en', found 'de'");
  expect_foreign(
      [this] {
        options_.reader.skip_unreadable = true;
        build_part(3, 3);
      },
      "--skip-unreadable: expected false, found true");
  expect_foreign(
      [this] {
        write_input("b.txt", documents(0, 1));
        build_part(3, 3);
      },
      "the input: expected 1 file of");
  expect_foreign(
      [this] {
        testing::write_file(folder_ / "a.txt", "T" + documents(0, 100).substr(1));
        build_part(3, 3);
        testing::write_file(folder_ / "a.txt", documents(0, 100));
      },
      "the input: expected 1 file of");
  expect_foreign(
      [this] {
        version_ = "2.0.0";
        build_part(3, 3);
        version_ = "1.2.3";
      },
      "the version of the program: expected 1.2.3, found 2.0.0");
  expect_foreign(
      [this] {
        BuildOptions options = options_;
        options.output = folder_ / "parts";
        corpus::build_part(options, {.number = 3, .count = 3}, testing::FakeTokenizer(50'000), version_);
      },
      "the tokenizer: expected");
}

TEST(PartOfInput, IsReadFromText) {
  EXPECT_EQ(parse_part("3/8"), (PartOfInput{.number = 3, .count = 8}));
  for (const char* text : {"", "3", "0/8", "9/8", "/8", "3/", "3/8x", "-1/8", "1/100000", "3/8/9", " 3/8"}) {
    EXPECT_THROW(parse_part(text), UsageError) << text;
  }
}

}  // namespace
}  // namespace albert::corpus
