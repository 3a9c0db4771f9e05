#include "base/signals.h"

#include <csignal>

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
  const StopRequest silent;
  EXPECT_EQ(StopRequest::signal(), 0) << "the request before is forgotten";
  std::raise(SIGINT);
  EXPECT_EQ(StopRequest::signal(), SIGINT);
}

TEST(StopRequestDeathTest, TheSecondSignalEndsTheProcess) {
  EXPECT_EXIT(
      {
        const StopRequest stop;
        std::raise(SIGINT);
        std::raise(SIGINT);
      },
      ::testing::KilledBySignal(SIGINT), "");
}

}  // namespace
}  // namespace albert
