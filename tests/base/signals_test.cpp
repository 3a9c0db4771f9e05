#include "base/signals.h"

#include <csignal>
#include <utility>

#include <gtest/gtest.h>

namespace albert {
namespace {

TEST(StopRequest, NotesTheFirstSignalAndAnswersIt) {
  ::testing::internal::CaptureStderr();
  {
    const StopRequest stop("on the way\n");
    EXPECT_EQ(StopRequest::signal(), 0);
    std::raise(SIGTERM);
    EXPECT_EQ(StopRequest::signal(), SIGTERM);
  }
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "on the way\n");
  EXPECT_EQ(StopRequest::signal(), 0) << "it is forgotten with its request";
  const StopRequest silent;
  std::raise(SIGINT);
  EXPECT_EQ(StopRequest::signal(), SIGINT);
}

class StopRequestDeathTest : public ::testing::TestWithParam<std::pair<int, int>> {};

TEST_P(StopRequestDeathTest, TheSecondSignalEndsTheProcess) {
  const auto [first, second] = GetParam();
  EXPECT_EXIT(
      {
        const StopRequest stop;
        std::raise(first);
        std::raise(second);
      },
      ::testing::KilledBySignal(second), "");
}

INSTANTIATE_TEST_SUITE_P(Signals, StopRequestDeathTest,
                         ::testing::Values(std::pair(SIGINT, SIGINT), std::pair(SIGINT, SIGTERM),
                                           std::pair(SIGTERM, SIGINT)));

}  // namespace
}  // namespace albert
