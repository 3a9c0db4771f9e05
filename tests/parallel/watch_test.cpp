#include "parallel/watch.h"

#include <future>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "base/error.h"
#include "parallel/fake_board.h"

namespace albert::parallel {
namespace {

using testing::FakeBoard;
using testing::SharedValues;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

/// One rank's watch, and what it found.
struct Rank {
  Rank(SharedValues& shared, int rank, int size, std::chrono::milliseconds timeout = 200ms)
      : watch(std::make_unique<FakeBoard>(shared), {.rank = rank, .size = size, .interval = 5ms, .timeout = timeout},
              [this](const std::string& what) {
                if (!is_told.exchange(true)) lost.set_value(what);
              }) {}

  std::atomic<bool> is_told = false;
  std::promise<std::string> lost;
  std::future<std::string> problem = lost.get_future();
  Watch watch;
};

TEST(Watch, IsSilentWhileAllLive) {
  SharedValues shared;
  Rank first(shared, 0, 2), second(shared, 1, 2);
  EXPECT_EQ(first.problem.wait_for(600ms), std::future_status::timeout);
  EXPECT_EQ(second.problem.wait_for(0ms), std::future_status::timeout);
}

TEST(Watch, AllHearOfARankThatIsLost) {
  SharedValues shared;
  Rank first(shared, 0, 4), second(shared, 1, 4);
  auto third = std::make_unique<Rank>(shared, 2, 4);
  Rank fourth(shared, 3, 4);
  std::this_thread::sleep_for(50ms);
  third.reset();
  for (Rank* rank : {&first, &second, &fourth}) {
    ASSERT_EQ(rank->problem.wait_for(30s), std::future_status::ready);
    EXPECT_TRUE(rank->problem.get().starts_with("rank 2 gave no sign of life"));
  }
}

TEST(Watch, ARankThatHasLeftIsNotMissed) {
  SharedValues shared;
  Rank first(shared, 0, 2);
  {
    const Rank second(shared, 1, 2);
    std::this_thread::sleep_for(50ms);
    FakeBoard(shared).write(Watch::left_key(1), "");
  }
  EXPECT_EQ(first.problem.wait_for(600ms), std::future_status::timeout);
}

TEST(Watch, ARankWhoseWatcherHasLeftIsWatchedByTheOneBefore) {
  SharedValues shared;
  Rank first(shared, 0, 3);
  auto third = std::make_unique<Rank>(shared, 2, 3);
  {
    const Rank second(shared, 1, 3);
    std::this_thread::sleep_for(50ms);
    FakeBoard(shared).write(Watch::left_key(1), "");
  }
  EXPECT_EQ(first.problem.wait_for(300ms), std::future_status::timeout);
  third.reset();
  ASSERT_EQ(first.problem.wait_for(30s), std::future_status::ready);
  EXPECT_TRUE(first.problem.get().starts_with("rank 2 gave no sign of life"));
}

TEST(Watch, PassesOnWhatARankSaysOfItself) {
  SharedValues shared;
  Rank first(shared, 0, 2);
  FakeBoard(shared).write(Watch::kFailureKey, "rank 1 ended: the disk is full");
  ASSERT_EQ(first.problem.wait_for(30s), std::future_status::ready);
  EXPECT_EQ(first.problem.get(), "rank 1 ended: the disk is full");
}

TEST(Watch, IsImpatientOnceAConnectionBroke) {
  SharedValues shared;
  Rank first(shared, 0, 2, 100s);
  first.watch.suspect();
  ASSERT_EQ(first.problem.wait_for(30s), std::future_status::ready);
  EXPECT_TRUE(first.problem.get().starts_with("rank 1 gave no sign of life"));
}

TEST(Watch, MissesAStoreThatDoesNotAnswer) {
  class Hanging : public Board {
   public:
    explicit Hanging(std::shared_future<void> end) : end_(std::move(end)) {}
    void write(const std::string& /*key*/, const std::string& /*value*/) override { end_.wait(); }
    std::optional<std::string> read(const std::string& /*key*/) override { return std::nullopt; }

   private:
    std::shared_future<void> end_;
  };
  std::promise<void> end, found;
  std::atomic<int> calls = 0;
  const Watch watch(std::make_unique<Hanging>(end.get_future().share()),
                    {.rank = 0, .size = 2, .interval = 5ms, .timeout = 100ms}, [&](const std::string& problem) {
                      EXPECT_NE(problem.find("the store of the ranks has not answered"), std::string::npos);
                      if (++calls == 1) found.set_value();
                    });
  EXPECT_EQ(found.get_future().wait_for(30s), std::future_status::ready);
  end.set_value();
}

TEST(Watch, MissesAStoreThatRefuses) {
  class Refusing : public Board {
   public:
    void write(const std::string& /*key*/, const std::string& /*value*/) override { throw IoError("gone"); }
    std::optional<std::string> read(const std::string& /*key*/) override { return std::nullopt; }
  };
  std::promise<std::string> found;
  const Watch watch(std::make_unique<Refusing>(), {.rank = 0, .size = 2, .interval = 5ms, .timeout = 100s},
                    [&](const std::string& problem) { found.set_value(problem); });
  EXPECT_EQ(found.get_future().get(), "the store of the ranks does not answer: gone");
}

}  // namespace
}  // namespace albert::parallel
