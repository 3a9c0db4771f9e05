#include "base/threads.h"

#include <algorithm>
#include <cstdlib>
#include <new>
#include <string_view>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/error.h"

namespace {

/// Of this thread: how many allocations succeed before one fails; -1: all of them.
thread_local int num_allocations_left = -1;

}  // namespace

// Takes the place of the C++ library's function in this program, which calls it for all kinds of objects.
void* operator new(std::size_t size) {
  const bool fails = num_allocations_left == 0;
  if (num_allocations_left >= 0) --num_allocations_left;
  if (void* memory = fails ? nullptr : std::malloc(std::max<std::size_t>(size, 1))) return memory;
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}

namespace albert {
namespace {

TEST(Threads, AreStartedAndEnded) {
  EXPECT_NO_THROW(require_threads(0));
  EXPECT_NO_THROW(require_threads(64));
}

TEST(Threads, AreEndedWhereThereIsNoMemoryForAnotherOne) {
  num_allocations_left = 5;
  EXPECT_THROW(require_threads(64), std::bad_alloc);
  num_allocations_left = -1;
}

/// Ends with 0 if the system refuses threads, as a user whose processes are limited sees it; root's are not.
[[noreturn]] void ask_beyond_the_limit() {
  const rlimit one{1, 1};
  if (::setrlimit(RLIMIT_NPROC, &one) != 0) ::_exit(2);
  if (::getuid() == 0 && ::setuid(65534) != 0) ::_exit(3);
  try {
    require_threads(4);
  } catch (const IoError& error) {
    const std::string_view message = error.what();
    ::_exit(message.starts_with("cannot start a thread") && message.find("ulimit -u") != std::string_view::npos ? 0
                                                                                                                : 4);
  }
  ::_exit(1);
}

TEST(ThreadsDeathTest, ThoseThatTheSystemRefusesAreSaid) {
  EXPECT_EXIT(ask_beyond_the_limit(), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace albert
