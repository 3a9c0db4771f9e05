#include "base/file.h"

#include <fstream>
#include <thread>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/partial_file.h"
#include "support/temporary_folder.h"

namespace albert {
namespace {

TEST(Checksum, KnownAnswerAndPieces) {
  EXPECT_EQ(checksum_of(""), "99aa06d3014798d86001c324468d497f");  // XXH3 128 of nothing, from its specification
  Checksum checksum;
  checksum.update("ab");
  checksum.update("c");
  EXPECT_EQ(checksum.hex(), checksum_of("abc"));
  EXPECT_NE(checksum.hex(), checksum_of("abd"));
}

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
  EXPECT_EQ(checksum_of_file(folder / "a"), checksum_of("start" + big + "end"));
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

TEST(ReadFile, AMissingFileIsNamed) {
  try {
    read_file("/nowhere/at-all");
    FAIL() << "no error";
  } catch (const IoError& error) {
    EXPECT_NE(std::string(error.what()).find("/nowhere/at-all"), std::string::npos);
    EXPECT_EQ(error.code(), ExitCode::kIo);
  }
}

TEST(AtomicFolder, AppearsOnCommitOnly) {
  const testing::TemporaryFolder folder;
  {
    AtomicFolder attempt(folder / "out");
    write_file_atomically(attempt.temporary() / "a", "1");
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
  for (const std::string content : {"1", "2"}) {
    AtomicFolder attempt(folder / "out/");
    write_file_atomically(attempt.temporary() / "a", content);
    attempt.commit();
    EXPECT_EQ(read_file(folder / "out/a"), content);
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

TEST(AtomicFolder, HasOneWriterAtATime) {
  const testing::TemporaryFolder folder;
  {
    AtomicFolder first(folder / "out");
    write_file_atomically(first.temporary() / "a", "1");
    EXPECT_THROW(AtomicFolder{folder / "out"}, UsageError);
    EXPECT_EQ(read_file(first.temporary() / "a"), "1") << "the second has left the first one's files alone";
    first.commit();
    AtomicFolder next(folder / "out");
    EXPECT_TRUE(fs::is_empty(next.temporary()));
  }
  fs::create_directories(folder / ".out.partial/left");  // by a process that was killed
  const AtomicFolder after(folder / "out");
  EXPECT_TRUE(fs::is_empty(after.temporary()));
}

TEST(AtomicFolder, ALinkStaysAndItsTargetIsReplaced) {
  const testing::TemporaryFolder folder;
  fs::create_directories(folder / "disk/out");
  fs::create_directory_symlink(folder / "disk/out", folder / "link");
  AtomicFolder attempt(folder / "link");
  EXPECT_EQ(attempt.temporary().parent_path(), fs::canonical(folder / "disk"));
  write_file_atomically(attempt.temporary() / "a", "1");
  attempt.commit();
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(read_file(folder / "disk/out/a"), "1");
}

TEST(AtomicFolder, TheCurrentFolderIsRefusedAtOnce) {
  EXPECT_THROW(AtomicFolder{"."}, UsageError);
  EXPECT_THROW(AtomicFolder{fs::current_path()}, UsageError);
  EXPECT_THROW(AtomicFolder{"/proc"}, UsageError) << "a mounted file system";
}

TEST(WriteFileAtomically, ALinkStaysAndItsTargetIsReplaced) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "file", "1");
  fs::create_symlink(folder / "file", folder / "link");
  write_file_atomically(folder / "link", "2");
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(read_file(folder / "file"), "2");
}

TEST(WriteFileAtomically, ADeviceOrAPipeIsWrittenTo) {
  write_file_atomically("/dev/null", "1");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  const testing::TemporaryFolder folder;
  const fs::path pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::string received;
  std::jthread reader([&] { received = read_file(pipe); });
  write_file_atomically(pipe, "through");
  reader.join();
  EXPECT_EQ(received, "through");
  EXPECT_TRUE(fs::is_fifo(pipe));
  EXPECT_THROW(PartialFile("/dev/null"), IoError);
}

TEST(MappedFile, MapsWhatIsThere) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "a", "hello");
  write_file_atomically(folder / "empty", "");
  MappedFile mapped(folder / "a");
  EXPECT_EQ(mapped.bytes().size(), 5u);
  EXPECT_EQ(static_cast<char>(mapped.bytes()[1]), 'e');
  EXPECT_TRUE(MappedFile(folder / "empty").bytes().empty());
  EXPECT_THROW(MappedFile{folder.path()}, IoError);
}

TEST(FolderLock, RefusesTheSecond) {
  const testing::TemporaryFolder folder;
  {
    const FolderLock lock(folder.path());
    EXPECT_THROW(FolderLock{folder.path()}, UsageError);
  }
  const FolderLock again(folder.path());
}

}  // namespace
}  // namespace albert
