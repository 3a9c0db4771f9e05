#include "base/destination.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "base/atomic_file.h"
#include "base/descriptor.h"
#include "base/error.h"
#include "support/temporary_folder.h"

namespace albert {
namespace {

TEST(DescriptorOf, TellsTheNamesOfDescriptors) {
  EXPECT_EQ(descriptor_of("/dev/stdin"), 0);
  EXPECT_EQ(descriptor_of("/dev/stdout"), 1);
  EXPECT_EQ(descriptor_of("/dev/./stderr"), 2);
  EXPECT_EQ(descriptor_of("/dev/fd/63"), 63);
  EXPECT_EQ(descriptor_of("/proc/self/fd/4"), 4);
  for (const char* name :
       {"", "stdout", "/dev/null", "/dev/fd", "/dev/fd/", "/dev/fd/x", "/dev/fd/-1", "/dev/fd/1/a"}) {
    EXPECT_FALSE(descriptor_of(name)) << name;
  }
}

TEST(DestinationOf, LinksAreFollowedToWhatIsNotThere) {
  const testing::TemporaryFolder folder;
  const fs::path path = fs::canonical(folder.path());
  fs::create_directory(path / "disk");
  fs::create_symlink("disk/file", path / "absent");
  fs::create_symlink("absent", path / "twice");
  fs::create_symlink("circle", path / "circle");
  fs::create_symlink("/dev/stdout", path / "out");
  EXPECT_EQ(destination_of(path / "disk/../disk/file"), path / "disk/file");
  EXPECT_EQ(destination_of(path / "twice"), path / "disk/file");
  EXPECT_EQ(destination_of(path / "out"), "/dev/stdout");
  EXPECT_THROW(destination_of(path / "circle"), IoError);
}

TEST(IsStream, AFileIsOneWhereADescriptorNamesIt) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "file", "1");
  const Descriptor file(folder / "file", O_WRONLY);
  EXPECT_TRUE(is_stream("/dev/fd/" + std::to_string(file.value())));
  EXPECT_TRUE(is_stream("/dev/null") && is_stream("/dev/stdout"));
  EXPECT_FALSE(is_stream(folder / "file") || is_stream(folder.path()) || is_stream(folder / "absent"));
}

}  // namespace
}  // namespace albert
