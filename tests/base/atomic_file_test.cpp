#include "base/atomic_file.h"

#include <string>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/descriptor.h"
#include "base/error.h"
#include "base/file.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"

namespace albert {
namespace {

TEST(WriteFileAtomically, ALinkStaysAndItsTargetIsReplaced) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "file", "1");
  fs::create_symlink(folder / "file", folder / "link");
  write_file_atomically(folder / "link", "2");
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(read_file(folder / "file"), "2");
}

TEST(WriteFileAtomically, ALinkToNothingStaysAndItsTargetAppears) {
  const testing::TemporaryFolder folder;
  fs::create_symlink("file", folder / "link");
  write_file_atomically(folder / "link", "1");
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(read_file(folder / "file"), "1");
}

TEST(WriteFileAtomically, ADescriptorIsWrittenToBehindWhatItHolds) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "log", "before\n");
  const Descriptor log(folder / "log", O_WRONLY | O_APPEND);  // as a shell opens it for >> log
  for (const char* names : {"/dev/fd/", "/proc/self/fd/"}) {
    write_file_atomically(names + std::to_string(log.value()), "result\n");
  }
  EXPECT_EQ(read_file(folder / "log"), "before\nresult\nresult\n");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

TEST(WriteFileAtomically, ADeviceOrAPipeIsWrittenTo) {
  write_file_atomically("/dev/null", "1");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  const testing::TemporaryFolder folder;
  const fs::path pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  {
    const Descriptor reader(pipe, O_RDONLY | O_NONBLOCK);
    write_file_atomically(pipe, "through");
    std::string received(10, '\0');
    EXPECT_EQ(::read(reader.value(), received.data(), received.size()), 7);
    EXPECT_EQ(received.substr(0, 7), "through");
  }
  EXPECT_TRUE(fs::is_fifo(pipe));
  EXPECT_THAT(testing::refusal<IoError>([&] { write_file_atomically(pipe, "1"); }),
              ::testing::HasSubstr("a named pipe (FIFO) that nobody reads"));
  EXPECT_THROW(AtomicFile("/dev/null"), IoError);
}

TEST(AtomicFile, AppearsOnCommitOnly) {
  const testing::TemporaryFolder folder;
  {
    AtomicFile attempt(folder / "a");
    attempt.write("1");
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
  AtomicFile attempt(folder / "a");
  attempt.write("1 and 2");
  attempt.write_over_beginning("3");
  EXPECT_FALSE(fs::exists(folder / "a"));
  attempt.commit();
  EXPECT_EQ(read_file(folder / "a"), "3 and 2");
}

TEST(AtomicFile, AReplacedFileKeepsItsPermissions) {
  const testing::TemporaryFolder folder;
  constexpr auto kPrivate = fs::perms::owner_read | fs::perms::owner_write;
  write_file_atomically(folder / "a", "1");
  EXPECT_NE(fs::status(folder / "a").permissions(), kPrivate) << "or the test shows nothing";
  fs::permissions(folder / "a", kPrivate);
  write_file_atomically(folder / "a", "2");
  EXPECT_EQ(fs::status(folder / "a").permissions(), kPrivate);
  EXPECT_EQ(read_file(folder / "a"), "2");
}

TEST(AtomicFile, WhatHasComeIntoBeingMeanwhileStays) {
  const testing::TemporaryFolder folder;
  {
    AtomicFile attempt(folder / "a");
    attempt.write("result");
    write_file_atomically(folder / "a", "mine");
    EXPECT_THAT(testing::refusal<UsageError>([&] { attempt.commit(/*overwrite=*/false); }),
                ::testing::HasSubstr("made by somebody else meanwhile"));
  }
  EXPECT_EQ(read_file(folder / "a"), "mine");
  EXPECT_THAT(testing::refusal<UsageError>([&] { write_output_file({folder / "a"}, "result"); }),
              ::testing::HasSubstr("exists"));
  write_output_file({folder / "a", true}, "result");
  write_output_file({folder / "b"}, "result");
  EXPECT_EQ(read_file(folder / "a") + read_file(folder / "b"), "resultresult");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 2);
}

TEST(AtomicFiles, TakeTheirPlacesTogether) {
  const testing::TemporaryFolder folder;
  for (const char* name : {"a", "b"}) write_file_atomically(folder / name, "old");
  {
    AtomicFiles given_up;
    given_up.write(folder / "a", "new");
  }
  AtomicFiles files;
  files.write(folder / "a", "new");
  files.write(folder / "b", "new");
  EXPECT_EQ(read_file(folder / "a"), "old");
  files.commit();
  EXPECT_EQ(read_file(folder / "a") + read_file(folder / "b"), "newnew");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 2);
}

}  // namespace
}  // namespace albert
