#include "base/pipeline.h"

#include <atomic>
#include <chrono>
#include <future>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include "base/error.h"

namespace albert {
namespace {

std::function<std::optional<int>()> count_to(int n) {
  return [i = 0, n]() mutable { return i < n ? std::optional<int>(i++) : std::nullopt; };
}

class PipelineWithThreads : public ::testing::TestWithParam<std::size_t> {};

TEST_P(PipelineWithThreads, KeepsTheOrderOfTheSource) {
  Pipeline<int, int> pipeline(GetParam(), 4, count_to(1000), [](int i, std::size_t) { return i * i; });
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(pipeline.next(), i * i);
  EXPECT_FALSE(pipeline.next());
  EXPECT_FALSE(pipeline.next());
}

TEST_P(PipelineWithThreads, AnErrorArrivesInItsPlace) {
  Pipeline<int, int> pipeline(GetParam(), 4, count_to(10), [](int i, std::size_t) {
    if (i == 3) throw std::runtime_error("three");
    return i;
  });
  for (int i = 0; i < 3; ++i) EXPECT_EQ(pipeline.next(), i);
  EXPECT_THROW(pipeline.next(), std::runtime_error);
}

TEST_P(PipelineWithThreads, AnErrorOfTheSourceArrives) {
  Pipeline<int, int> pipeline(
      GetParam(), 4,
      [i = 0]() mutable -> std::optional<int> {
        if (i == 2) throw std::runtime_error("source");
        return i++;
      },
      [](int i, std::size_t) { return i; });
  EXPECT_EQ(pipeline.next(), 0);
  EXPECT_EQ(pipeline.next(), 1);
  EXPECT_THROW(pipeline.next(), std::runtime_error);
}

INSTANTIATE_TEST_SUITE_P(Threads, PipelineWithThreads, ::testing::Values(0, 1, 4));

TEST(Pipeline, HoldsTheSourceBack) {
  std::atomic<int> drawn = 0;
  Pipeline<int, int> pipeline(
      3, 5, [&]() -> std::optional<int> { return drawn++; }, [](int i, std::size_t) { return i; });
  EXPECT_EQ(pipeline.next(), 0);
  EXPECT_LE(drawn, 7);  // the one returned, five in the pipeline, one counted by the increment
}

// The source gives up waiting in the end, so that a pipeline that makes next() wait for it fails the test.
TEST(Pipeline, HandsOutWhatIsDoneWhileTheSourceWaits) {
  std::promise<void> handed_out;
  std::future<void> signal = handed_out.get_future();
  std::atomic<bool> in_time = false;
  Pipeline<int, int> pipeline(
      2, 4,
      [&, i = 0]() mutable -> std::optional<int> {
        if (i == 1) in_time = signal.wait_for(std::chrono::seconds(2)) == std::future_status::ready;
        return i < 2 ? std::optional<int>(i++) : std::nullopt;
      },
      [](int i, std::size_t) { return i; });
  EXPECT_EQ(pipeline.next(), 0);
  handed_out.set_value();
  EXPECT_EQ(pipeline.next(), 1);
  EXPECT_TRUE(in_time);
  EXPECT_FALSE(pipeline.next());
}

/// Sets the size of the stacks of new threads, as long as it lives.
class StackSize {
 public:
  explicit StackSize(std::size_t size_bytes) {
    pthread_getattr_default_np(&before_);
    pthread_attr_t attributes = before_;
    pthread_attr_setstacksize(&attributes, size_bytes);
    pthread_setattr_default_np(&attributes);
  }
  ~StackSize() { pthread_setattr_default_np(&before_); }
  StackSize(const StackSize&) = delete;
  StackSize& operator=(const StackSize&) = delete;

 private:
  pthread_attr_t before_;
};

TEST(Pipeline, ThreadsThatTheSystemRefusesAreAnError) {
  std::optional<StackSize> too_large;  // from the time on when the first thread runs
  const auto source = [&]() -> std::optional<int> {
    if (!too_large) too_large.emplace(std::size_t{1} << 46);
    return 1;
  };
  try {
    const Pipeline<int, int> pipeline(100'000, 4, source, [](int i, std::size_t) { return i; });
    FAIL() << "no error";
  } catch (const IoError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("cannot start 100000 threads"));
  }
}

TEST(Pipeline, StopsInMidStream) {
  Pipeline<int, int> pipeline(
      2, 2, []() -> std::optional<int> { return 1; }, [](int i, std::size_t) { return i; });
  EXPECT_EQ(pipeline.next(), 1);
}

}  // namespace
}  // namespace albert
