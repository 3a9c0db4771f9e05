#include "base/signals.h"

#include <csignal>
#include <cstdio>
#include <utility>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

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

TEST(StopRequest, IsMadeByEverySignalThatAnnouncesTheEnd) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGXCPU, SIGPIPE}) {
    const StopRequest stop;
    std::raise(signal);
    EXPECT_EQ(StopRequest::signal(), signal) << name_of_signal(signal);
    for (const int repeated : {SIGHUP, SIGUSR1, SIGPIPE}) std::raise(repeated);  // as terminals do
    EXPECT_EQ(StopRequest::signal(), signal);
  }
}

TEST(StopRequest, ALogThatNobodyReadsIsOne) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ::close(ends[0]);
  const StopRequest stop;
  EXPECT_EQ(::write(ends[1], "x", 1), -1);
  EXPECT_EQ(StopRequest::signal(), SIGPIPE);
  ::close(ends[1]);
}

TEST(StopRequest, WhatIsIgnoredStaysIgnored) {
  for (const int signal : {SIGHUP, SIGUSR1, SIGPIPE, SIGTERM}) {
    std::signal(signal, SIG_IGN);  // as under nohup
    {
      const StopRequest stop;
      std::raise(signal);
      EXPECT_EQ(StopRequest::signal(), 0) << name_of_signal(signal);
      std::raise(SIGINT);
      std::raise(signal);
    }
    EXPECT_EQ(std::signal(signal, SIG_DFL), SIG_IGN) << name_of_signal(signal);
  }
}

class StopRequestDeathTest : public ::testing::TestWithParam<std::pair<int, int>> {};

TEST_P(StopRequestDeathTest, ASecondSignalOfAPersonEndsTheProcess) {
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
                                           std::pair(SIGTERM, SIGINT), std::pair(SIGUSR1, SIGTERM)));

TEST(StopNotice, ASignalEndsTheProcessWithAWordOfWhatThatMeans) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGALRM, SIGXCPU}) {
    EXPECT_EXIT(
        {
          const StopNotice notice("; nothing is lost");
          { const StopRequest over; }
          std::raise(signal);
        },
        ::testing::ExitedWithCode(128 + signal), "stopped by " + name_of_signal(signal) + "; nothing is lost");
  }
}

TEST(SignalDelay, ASignalThatEndsTheProcessWaits) {
  for (const int signal : {SIGTERM, SIGQUIT}) {
    EXPECT_EXIT(
        {
          const rlimit no_image{};
          ::setrlimit(RLIMIT_CORE, &no_image);
          {
            const SignalDelay whole;
            std::raise(signal);
            std::fputs("all is done\n", stderr);
          }
          std::fputs("not ended\n", stderr);
        },
        ::testing::KilledBySignal(signal), "^all is done\n$");
  }
}

TEST(StopNotice, SaysNothingWhileAStopIsAwaited) {
  const StopNotice notice("; nothing is lost");
  const StopRequest stop;
  std::raise(SIGUSR1);
  EXPECT_EQ(StopRequest::signal(), SIGUSR1);
}

TEST(StopNotice, IsGoneWithItsObject) {
  EXPECT_EXIT(
      {
        { const StopNotice notice("; nothing is lost"); }
        std::raise(SIGTERM);
      },
      ::testing::KilledBySignal(SIGTERM), "");
}

}  // namespace
}  // namespace albert
