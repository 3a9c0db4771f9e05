#include "base/file.h"

#include <array>
#include <csignal>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/mapped_file.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"

namespace albert {
namespace {

TEST(FileWriter, WritesAcrossItsBuffer) {
  const testing::TemporaryFolder folder;
  const std::string big(3'000'000, 'x');
  FileWriter file(folder / "a");
  file.write("start");
  file.write(big);
  file.write("end");
  file.close();
  EXPECT_EQ(file.size_bytes(), big.size() + 8);
  EXPECT_EQ(read_file(folder / "a"), "start" + big + "end");
}

TEST(FileWriter, AFullDiskIsAnErrorWithItsReason) {
  FileWriter file("/dev/full");
  file.write("x");
  try {
    file.flush();
    FAIL() << "no error";
  } catch (const IoError& error) {
    EXPECT_NE(std::string(error.what()).find("/dev/full"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("free some space"), std::string::npos);
  }
}

TEST(FileWriter, WhatAFullDiskHasTakenIsNotWrittenAgain) {
  const testing::TemporaryFolder folder;
  FileWriter file(folder / "a");
  file.write("one line\n");
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit narrow{.rlim_cur = 4, .rlim_max = before.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ::setrlimit(RLIMIT_FSIZE, &narrow);
  EXPECT_THROW(file.flush(), IoError);
  EXPECT_THROW(file.flush(), IoError);
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(read_file(folder / "a"), "one ");
  file.write("another\n");
  file.close();
  EXPECT_EQ(read_file(folder / "a"), "one line\nanother\n");
}

TEST(ReadFile, WhatIsNoFileIsRefusedAtOnce) {
  const testing::TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  fs::create_symlink("pipe", folder / "link");
  for (const auto& [path, kind] : {std::pair(folder / "pipe", "a named pipe (FIFO)"),
                                   {folder / "link", "a named pipe (FIFO)"},
                                   {folder.path(), "a folder"},
                                   {fs::path("/dev/zero"), "a device"}}) {
    EXPECT_THAT(testing::refusal<IoError>([&] { read_file(path); }),
                ::testing::EndsWith(path.string() + ": expected a file, found " + kind +
                                    (path.filename() == "pipe" || path.filename() == "link"
                                         ? "; write it to a file first, or pass <(command)"
                                         : "")));
    EXPECT_THROW(MappedFile{path}, IoError) << path;
  }
  EXPECT_EQ(read_file("/dev/null"), "");
  fs::create_symlink("gone", folder / "dangling");
  EXPECT_THAT(testing::refusal<IoError>([&] { read_file(folder / "dangling"); }),
              ::testing::EndsWith("dangling: it is a link to gone, which is not there"));
}

TEST(ReadFile, APipeThatTheProcessWasStartedWithIsRead) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  ASSERT_EQ(::write(ends[1], "gold", 4), 4);
  ::close(ends[1]);
  EXPECT_EQ(read_file(fs::path("/dev/fd") / std::to_string(ends[0])), "gold");
  ::close(ends[0]);
}

TEST(ReadFile, AFileThatIsTooLargeIsNotReadWhole) {
  const testing::TemporaryFolder folder;
  FileWriter(folder / "a").close();
  fs::resize_file(folder / "a", std::uintmax_t{1} << 40);  // which takes no room on the disk
  EXPECT_THAT(testing::refusal<IoError>([&] { read_file(folder / "a", 3'000'000); }),
              ::testing::HasSubstr("expected at most 3000000 bytes"));
  fs::resize_file(folder / "a", 3'000'000);
  EXPECT_EQ(read_file(folder / "a", 3'000'000).size(), 3'000'000U);
}

TEST(ForEachPiece, AFileThatBecomesShorterIsAnError) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "a", std::string(3'000'000, 'x'));
  const auto read_and_cut = [&] {
    for_each_piece(folder / "a", [&](std::string_view) { fs::resize_file(folder / "a", 1000); });
  };
  EXPECT_THAT(testing::refusal<IoError>(read_and_cut),
              ::testing::HasSubstr("became shorter while it was read: expected 3,000,000 bytes, found 1,000"));
}

TEST(ReadFile, AMissingFileIsNamed) {
  try {
    read_file("/nowhere/at-all");
    FAIL() << "no error";
  } catch (const IoError& error) {
    EXPECT_NE(std::string(error.what()).find("/nowhere/at-all"), std::string::npos);
    EXPECT_EQ(error.code(), ExitCode::kIo);
  }
}

TEST(OpenToRead, TellsWhatGitLfsLeavesInThePlaceOfAFile) {
  const testing::TemporaryFolder folder;
  const std::string pointer =
      "version https://git-lfs.github.com/spec/v1\noid sha256:" + std::string(64, 'a') + "\nsize 46747112\n";
  write_file_atomically(folder / "model.safetensors", pointer);
  using ::testing::AllOf, ::testing::HasSubstr;
  const auto is_told = AllOf(HasSubstr("model.safetensors"), HasSubstr("46747112 bytes"), HasSubstr("git lfs pull"));
  EXPECT_THAT(testing::refusal<IoError>([&] { read_file(folder / "model.safetensors"); }), is_told);
  EXPECT_THAT(testing::refusal<IoError>([&] { MappedFile(folder / "model.safetensors"); }), is_told);
  write_file_atomically(folder / "text", "A " + pointer);
  EXPECT_EQ(read_file(folder / "text"), "A " + pointer);
}

}  // namespace
}  // namespace albert
