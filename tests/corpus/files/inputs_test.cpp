#include "corpus/files/inputs.h"

#include <array>
#include <utility>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/error.h"
#include "base/file.h"
#include "support/current_folder.h"
#include "support/log_capture.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert::corpus {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TemporaryFolder;

class InputsTest : public ::testing::Test {
 protected:
  InputsTest() {
    fs::create_directories(folder_ / "b/deep");
    fs::create_directories(folder_ / ".hidden");
    for (const std::string name :
         {"b/2.txt", "b/10.txt", "b/deep/1.txt", "a.txt", "B.txt", ".hidden/no.txt", "b/.no.txt"}) {
      testing::write_file(folder_ / name, name);
    }
  }

  /// Of what the arguments name in the folder, relative to it.
  std::vector<std::string> discover(std::vector<std::string> arguments) {
    return discover(InputOptions{.paths = std::move(arguments)});
  }

  std::vector<std::string> discover(InputOptions options) {
    for (std::string& argument : options.paths) argument = (folder_ / argument).string();
    std::vector<std::string> names;
    for (const InputFile& file : discover_inputs(options).files) {
      names.push_back(file.path.lexically_relative(folder_.path()).string());
      EXPECT_EQ(file.size_bytes, fs::exists(file.path) ? fs::file_size(file.path) : 0);
    }
    return names;
  }

  TemporaryFolder folder_;
};

TEST_F(InputsTest, FoldersAreReadInOrderOfTheirPathsWithoutHiddenFiles) {
  EXPECT_THAT(discover({""}), ElementsAre("B.txt", "a.txt", "b/10.txt", "b/2.txt", "b/deep/1.txt"));
}

TEST_F(InputsTest, ArgumentsKeepTheirOrder) {
  EXPECT_THAT(discover({"b/deep", "a.txt", "B.txt"}), ElementsAre("b/deep/1.txt", "a.txt", "B.txt"));
}

TEST_F(InputsTest, PatternsMatchInOrder) {
  EXPECT_THAT(discover({"b/*.txt"}), ElementsAre("b/10.txt", "b/2.txt"));
  EXPECT_THAT(discover({"[ab]*"}), ElementsAre("a.txt", "b/10.txt", "b/2.txt", "b/deep/1.txt"));
}

TEST_F(InputsTest, OfAFolderPatternsSelectFiles) {
  testing::write_file(folder_ / "b/notes.md", "x");
  EXPECT_THAT(discover({.paths = {"b"}, .include = {"*.md"}}), ElementsAre("b/notes.md"));
  EXPECT_THAT(discover({.paths = {"b"}, .include = {"1*", "2*"}}), ElementsAre("b/10.txt", "b/2.txt", "b/deep/1.txt"));
  EXPECT_THAT(discover({.paths = {""}, .include = {"b/*"}, .exclude = {"1?.txt"}}),
              ElementsAre("b/2.txt", "b/deep/1.txt", "b/notes.md"));
  EXPECT_THAT(discover({.paths = {"b"}, .exclude = {"deep"}}), ElementsAre("b/10.txt", "b/2.txt", "b/notes.md"));
  EXPECT_THAT(discover({.paths = {"a.txt", "b"}, .include = {"*.md"}}), ElementsAre("a.txt", "b/notes.md"));
  EXPECT_THROW(discover({.paths = {"a.txt"}, .include = {"*.md"}}), UsageError);
  const testing::LogCapture log;
  EXPECT_THAT(discover({.paths = {"b"}, .exclude = {"deep/", "./10.txt"}}), ElementsAre("b/2.txt", "b/notes.md"));
  EXPECT_THAT(log.text(), IsEmpty());
  discover({.paths = {"b"}, .include = {"*.md", "*.rst"}, .exclude = {"dep"}});
  EXPECT_THAT(log.text(),
              AllOf(HasSubstr("--include *.rst: no file or folder"), HasSubstr("--exclude dep: no file or folder")));
  EXPECT_THROW(discover({.paths = {"b"}, .include = {"*.html"}}), DataError);
  EXPECT_THAT(log.text(), HasSubstr("holds no files that are selected"));
}

TEST_F(InputsTest, LinksThatCannotBeFollowedAreNotPassedOverInSilence) {
  fs::create_symlink("nowhere", folder_ / "b/dangling");
  fs::create_directory_symlink("..", folder_ / "b/link");
  const testing::LogCapture log;
  EXPECT_THAT(discover({"b"}), ElementsAre("b/10.txt", "b/2.txt", "b/dangling", "b/deep/1.txt"));
  EXPECT_THAT(log.text(), HasSubstr("b/link is a link to a folder"));
}

TEST_F(InputsTest, AFileNamedLikeAPatternIsAFile) {
  testing::write_file(folder_ / "c[1].txt", "x");
  EXPECT_THAT(discover({"c[1].txt"}), ElementsAre("c[1].txt"));
}

TEST_F(InputsTest, AFileNamedTwiceIsReadOnce) {
  const testing::LogCapture log;
  EXPECT_THAT(discover({"a.txt", "*.txt"}), ElementsAre("a.txt", "B.txt"));
  EXPECT_THAT(log.text(), HasSubstr("a.txt is named twice"));
  EXPECT_THAT(discover({"b/deep", "b"}), ElementsAre("b/deep/1.txt", "b/10.txt", "b/2.txt"));
}

TEST_F(InputsTest, WhatIsNotThereIsNamed) {
  for (const std::string wrong : {"none.txt", "none*.txt"}) {
    try {
      discover({"a.txt", wrong});
      FAIL() << "no error";
    } catch (const IoError& error) {
      EXPECT_THAT(error.what(), HasSubstr((folder_ / wrong).string()));
    }
  }
  fs::create_directory(folder_ / "empty");
  const testing::LogCapture log;
  EXPECT_THROW(discover({"empty"}), DataError);
}

class InputListTest : public InputsTest {
 protected:
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::vector<std::string> names(const std::string& argument) const {
    std::vector<std::string> found;
    for (const InputFile& file : discover_inputs({.paths = {argument}}).files)
      found.push_back(fmt::format("{} {}", file.number, file.path.lexically_relative(folder_.path()).string()));
    return found;
  }
  static std::string refusal(const std::vector<std::string>& paths) {
    try {
      discover_inputs({.paths = paths});
    } catch (const UsageError& error) {
      return error.what();
    }
    return "no error";
  }
};

TEST_F(InputListTest, NamesFilesFoldersAndPatterns) {
  testing::write_file(folder_ / "list", path("a.txt") + "\r\n\n" + path("b/deep") + "\n \n" + path("b/*.txt"));
  EXPECT_THAT(names("@" + path("list")), ElementsAre("1 a.txt", "2 b/deep/1.txt", "3 b/10.txt", "4 b/2.txt"));
  testing::write_file(folder_ / "list", "\n\n");
  EXPECT_THROW(names("@" + path("list")), DataError);
  EXPECT_THROW(names("@" + path("none")), IoError);
  testing::write_file(folder_ / "list", path("a.txt") + "\ns3://bucket/x y.gz\n");
  EXPECT_THAT(refusal({"@" + path("list")}),
              AllOf(HasSubstr("line 2 of " + path("list") + ": s3://bucket/x y.gz is an address on the network"),
                    HasSubstr("aws s3 cp 's3://bucket/x y.gz' - | albert ... --input -")));
}

TEST_F(InputListTest, AListMayHaveTheLineEndsAndTheMarkOfOtherSystems) {
  testing::write_file(folder_ / "list",
                      "\xef\xbb\xbf" + path("a.txt") + "\r" + path("b/deep") + "\r\n" + path("b/*.txt"));
  EXPECT_THAT(names("@" + path("list")), ElementsAre("1 a.txt", "2 b/deep/1.txt", "3 b/10.txt", "4 b/2.txt"));
}

/// Else the path would end at the first NUL, and the rest of the list be left out without a word.
TEST_F(InputListTest, AListOfFindPrint0IsRefused) {
  testing::write_file(folder_ / "list", path("a.txt") + '\0' + path("b/2.txt") + '\0');
  const std::string message = testing::refusal<DataError>([&] { names("@" + path("list")); });
  EXPECT_THAT(message, HasSubstr("found a NUL byte: write the list without -print0"));
}

TEST_F(InputListTest, AListIsReadOnceAndMayBeAPipe) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const Descriptor reader(pipe[0]);
  {
    const Descriptor writer(pipe[1]);
    const std::string list = path("a.txt") + "\n" + path("b") + "\n";
    ASSERT_EQ(::write(writer.value(), list.data(), list.size()), static_cast<ssize_t>(list.size()));
  }
  const Inputs inputs = discover_inputs({.paths = {fmt::format("@/dev/fd/{}", reader.value())}});
  EXPECT_EQ(inputs.files.size(), 4u);
  EXPECT_THROW(require_apart(folder_ / "b/out", inputs), UsageError);
  EXPECT_NO_THROW(require_apart(folder_ / "out", inputs));
}

TEST_F(InputListTest, WhatTheProcessWasGivenOpenHasNoSize) {
  const Descriptor file(folder_ / "a.txt", O_RDONLY);
  const Inputs inputs = discover_inputs({.paths = {fmt::format("/dev/fd/{}", file.value()), path("a.txt")}});
  EXPECT_FALSE(inputs.files.at(0).size_bytes);
}

TEST_F(InputListTest, AFileWhoseNameBeginsLikeAListIsAFile) {
  const testing::CurrentFolder current(folder_.path());
  testing::write_file(folder_ / "@list", "5 6");
  EXPECT_EQ(discover_inputs({.paths = {"@list"}}).files.at(0).path, "@list");
}

TEST_F(InputListTest, AddressesAreReadThroughStandardInput) {
  EXPECT_THAT(refusal({"gs://a/b"}), HasSubstr("gcloud storage cat gs://a/b | albert"));
  EXPECT_THAT(refusal({"https://a/b?c"}), HasSubstr("curl --fail --location 'https://a/b?c' | albert"));
  EXPECT_THAT(refusal({path("a.txt"), "abfs://a/b"}), HasSubstr("PROGRAM abfs://a/b | albert"));
}

TEST_F(InputListTest, AnOutputInAFolderOfAListIsRefused) {
  testing::write_file(folder_ / "list", path("b"));
  const InputOptions options{.paths = {"@" + path("list")}};
  EXPECT_THROW(require_apart(folder_ / "b/out", discover_inputs(options)), UsageError);
}

}  // namespace
}  // namespace albert::corpus
