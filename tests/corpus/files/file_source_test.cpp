#include "corpus/files/file_source.h"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <latch>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/signals.h"
#include "support/temporary_folder.h"

namespace albert::corpus {
namespace {

using namespace std::chrono_literals;
using testing::TemporaryFolder;

class PipeTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(mkfifo(pipe_.c_str(), 0600), 0); }

  /// Reads the pipe, and sends this very thread a signal while it waits.
  int code_of_interrupted_read() const {
    const StopRequest stop;
    const pthread_t reader = pthread_self();
    const std::jthread sender([&] {
      std::this_thread::sleep_for(50ms);  // less than it waits at a time, so that the wait is what is interrupted
      pthread_kill(reader, SIGTERM);
    });
    try {
      FileSource source(pipe_);
      char byte = 0;
      source.read(&byte, 1);
    } catch (const Error& error) {
      return static_cast<int>(error.code());
    }
    return 0;
  }

  TemporaryFolder folder_;
  std::filesystem::path pipe_ = folder_ / "pipe";
};

TEST_F(PipeTest, ASignalInterruptsTheWaitForData) {
  std::latch stopped(1);
  const std::jthread writer([&] {
    const std::ofstream output(pipe_);
    stopped.wait();
  });
  EXPECT_EQ(code_of_interrupted_read(), 128 + SIGTERM);
  stopped.count_down();
}

TEST_F(PipeTest, ASignalInterruptsTheWaitForAWriter) {
  EXPECT_EQ(code_of_interrupted_read(), 128 + SIGTERM);
}

TEST_F(PipeTest, GivesWhatIsWrittenLateAndInPieces) {
  const std::jthread writer([&] {
    std::this_thread::sleep_for(150ms);
    std::ofstream output(pipe_);
    output << "one " << std::flush;
    std::this_thread::sleep_for(150ms);
    output << "two";
  });
  FileSource source(pipe_);
  EXPECT_EQ(source.peek(), "one two");
  char bytes[8] = {};
  EXPECT_EQ(source.read(bytes, sizeof bytes), 7);
  EXPECT_STREQ(bytes, "one two");
  EXPECT_EQ(source.read(bytes, sizeof bytes), 0);
}

}  // namespace
}  // namespace albert::corpus
