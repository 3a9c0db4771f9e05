#include "base/mapped_file.h"

#include <csignal>
#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "support/temporary_folder.h"

namespace albert {
namespace {

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

TEST(MappedFileDeathTest, OneThatIsCutShortIsNamed) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "a", "hello");
  EXPECT_EXIT(
      {
        const MappedFile gone(folder / "a");
        { const MappedFile other(folder / "a"); }
        fs::resize_file(folder / "a", 0);
        std::exit(static_cast<int>(gone.bytes()[0]));
      },
      ::testing::ExitedWithCode(static_cast<int>(ExitCode::kIo)), "/a: the file was cut short while it was read");
}

// As the kernel does where the disk does not give a page.
TEST(MappedFileDeathTest, OneThatCannotBeReadIsNamed) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "a", "hello");
  EXPECT_EXIT(
      {
        const MappedFile mapped(folder / "a");
        siginfo_t info{};
        info.si_signo = SIGBUS;
        info.si_code = BUS_ADRERR;
        info.si_addr = const_cast<std::byte*>(mapped.bytes().data());
        ::syscall(SYS_rt_tgsigqueueinfo, ::getpid(), ::gettid(), SIGBUS, &info);
      },
      ::testing::ExitedWithCode(static_cast<int>(ExitCode::kIo)), "/a: a part of the file cannot be read");
}

}  // namespace
}  // namespace albert
