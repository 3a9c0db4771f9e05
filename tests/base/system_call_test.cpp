#include "base/system_call.h"

#include <gtest/gtest.h>

namespace albert {
namespace {

TEST(Uninterrupted, CallsAgainAsLongAsASignalInterrupts) {
  int calls = 0;
  const auto interrupted_twice = [&] {
    errno = EINTR;
    return ++calls > 2 ? 7 : -1;
  };
  EXPECT_EQ(uninterrupted(interrupted_twice), 7);
  EXPECT_EQ(calls, 3);
}

TEST(Uninterrupted, EndsWithAnyOtherError) {
  int calls = 0;
  const auto fails = [&] {
    ++calls;
    errno = ENOSPC;
    return -1;
  };
  EXPECT_EQ(uninterrupted(fails), -1);
  EXPECT_EQ(errno, ENOSPC);
  EXPECT_EQ(calls, 1);
}

TEST(Uninterrupted, KnowsFunctionsThatSetAnErrorCode) {
  int calls = 0;
  const auto last = [&](std::errc end) {
    calls = 0;
    return uninterrupted(
        [&](std::error_code& error) { error = std::make_error_code(++calls < 3 ? std::errc::interrupted : end); });
  };
  EXPECT_EQ(last(std::errc::no_space_on_device), std::errc::no_space_on_device);
  EXPECT_EQ(calls, 3);
  EXPECT_FALSE(last(std::errc{}));
}

}  // namespace
}  // namespace albert
