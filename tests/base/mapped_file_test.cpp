#include "base/mapped_file.h"

#include <csignal>
#include <cstdlib>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"

namespace albert {
namespace {

using ::testing::HasSubstr;

/// As the kernel does where the disk does not give a page.
void raise_bus_error(const MappedFile& mapped) {
  siginfo_t info{};
  info.si_signo = SIGBUS;
  info.si_code = BUS_ADRERR;
  info.si_addr = const_cast<std::byte*>(mapped.bytes().data());
  ::syscall(SYS_rt_tgsigqueueinfo, ::getpid(), ::gettid(), SIGBUS, &info);
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

TEST(MappedFile, OneThatIsCutShortMayReadAsZeros) {
  const testing::TemporaryFolder folder;
  constexpr std::size_t kSize = 100'000;  // of many pages
  write_file_atomically(folder / "a", std::string(kSize, 'a'));
  write_file_atomically(folder / "b", std::string(kSize, 'b'));
  MappedFile cut(folder / "a", MappedFile::OnLoss::kReadZeros);
  const MappedFile whole(folder / "b", MappedFile::OnLoss::kReadZeros);
  EXPECT_NO_THROW(cut.check());
  fs::resize_file(folder / "a", kSize / 2);
  std::size_t num_zeros = 0;
  for (const std::byte byte : cut.bytes()) num_zeros += byte == std::byte{0} ? 1 : 0;
  EXPECT_EQ(num_zeros, kSize - kSize / 2);
  const MappedFile moved(std::move(cut));
  EXPECT_THAT(testing::refusal<IoError>([&] { moved.check(); }),
              HasSubstr("/a: the file was cut short while it was read"));
  EXPECT_EQ(whole.text(), std::string(kSize, 'b'));
  EXPECT_NO_THROW(whole.check());
  fs::resize_file(folder / "b", kSize - 1);
  EXPECT_THROW(whole.check(), IoError) << "within a page, without a signal";
}

TEST(MappedFile, OneThatCannotBeReadMayReadAsZeros) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "a", "hello");
  const MappedFile mapped(folder / "a", MappedFile::OnLoss::kReadZeros);
  raise_bus_error(mapped);
  EXPECT_EQ(mapped.text(), std::string(5, '\0'));
  EXPECT_THAT(testing::refusal<IoError>([&] { mapped.check(); }), HasSubstr("/a: a part of the file cannot be read"));
}

TEST(MappedFileDeathTest, OneThatCannotBeReadIsNamed) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "a", "hello");
  EXPECT_EXIT(
      {
        const MappedFile mapped(folder / "a");
        raise_bus_error(mapped);
      },
      ::testing::ExitedWithCode(static_cast<int>(ExitCode::kIo)), "/a: a part of the file cannot be read");
}

}  // namespace
}  // namespace albert
