#include "serve/compute_pool.h"

#include <algorithm>
#include <future>
#include <map>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "base/random.h"

namespace albert::serve {
namespace {

/// Pieces of a size that wait to be computed, one as the other.
class Pieces final : public WorkSource {
 public:
  Pieces(ComputePool& pool, std::int64_t num_tokens, std::function<void()> compute)
      : pool_(pool), num_tokens_(num_tokens), compute_(std::move(compute)) {
    pool_.add(*this);
  }
  ~Pieces() override { pool_.remove(*this); }
  Pieces(const Pieces&) = delete;
  Pieces& operator=(const Pieces&) = delete;

  void add(int count) {
    {
      const std::scoped_lock lock(mutex_);
      num_waiting_ += count;
    }
    pool_.wake();
  }
  void wait_until_computed(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return num_computed_ >= count; });
  }

  std::optional<Waiting> waiting() const override {
    const std::scoped_lock lock(mutex_);
    return num_waiting_ > 0 ? std::optional(Waiting{.num_tokens = num_waiting_ * num_tokens_}) : std::nullopt;
  }
  Piece take(std::int64_t /*enough*/) override {
    const std::scoped_lock lock(mutex_);
    --num_waiting_;
    return {.num_tokens = num_tokens_, .compute = [this] { compute(); }};
  }

 private:
  void compute() {
    compute_();
    const std::scoped_lock lock(mutex_);
    ++num_computed_;
    changed_.notify_all();
  }

  ComputePool& pool_;
  std::int64_t num_tokens_;
  std::function<void()> compute_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int num_waiting_ = 0;
  int num_computed_ = 0;
};

/// What each thread of a pool has computed: by how many threads at most, which OpenMP keeps for it, and how many pieces.
class Teams {
 public:
  ComputePool::UseThreads note() {
    return [this](int count) {
      const std::scoped_lock lock(mutex_);
      Team& team = teams_[std::this_thread::get_id()];
      team.size = std::max(team.size, count);
      ++team.num_pieces;
    };
  }
  int sum_of_sizes() const {
    const std::scoped_lock lock(mutex_);
    int sum = 0;
    for (const auto& [thread, team] : teams_) sum += team.size;
    return sum;
  }
  int largest_size() const {
    const std::scoped_lock lock(mutex_);
    int size = 0;
    for (const auto& [thread, team] : teams_) size = std::max(size, team.size);
    return size;
  }
  int most_pieces() const {
    const std::scoped_lock lock(mutex_);
    int count = 0;
    for (const auto& [thread, team] : teams_) count = std::max(count, team.num_pieces);
    return count;
  }

 private:
  struct Team {
    int size = 0;
    int num_pieces = 0;
  };

  mutable std::mutex mutex_;
  std::map<std::thread::id, Team> teams_;
};

TEST(ComputePool, WhatComesAloneGoesToTheSameThread) {
  Teams teams;
  ComputePool pool({.num_threads = 4}, teams.note());
  Pieces pieces(pool, 100, [] {});
  for (int i = 1; i <= 200; ++i) {
    pieces.add(1);
    pieces.wait_until_computed(i);
  }
  EXPECT_GT(teams.most_pieces(), 100) << "of 200: a piece may come before the thread of the last one waits again";
}

TEST(ComputePool, HasNoMoreHelpersThanItSays) {
  EXPECT_EQ(ComputePool::count_with_helpers(1), 1);
  EXPECT_EQ(ComputePool::count_with_helpers(2), 3);
  EXPECT_EQ(ComputePool::count_with_helpers(4), 8);
  EXPECT_LT(ComputePool::count_with_helpers(64), 5 * 64);
  Teams teams;
  ComputePool pool({.num_threads = 4}, teams.note());
  Random draw(1, 0);
  Pieces pieces(pool, 100, [] { std::this_thread::sleep_for(std::chrono::microseconds(200)); });
  int num_added = 0;
  for (int i = 0; i < 300; ++i) {
    const int count = 1 + static_cast<int>(draw.below(6));
    pieces.add(count);
    num_added += count;
    if (i % 3 == 0) pieces.wait_until_computed(num_added - static_cast<int>(draw.below(3)));
  }
  pieces.wait_until_computed(num_added);
  for (int i = 0; i < 1000 && teams.largest_size() < 4; ++i) {  // a piece that is alone
    pieces.add(1);
    pieces.wait_until_computed(++num_added);
  }
  EXPECT_EQ(teams.largest_size(), 4);
  EXPECT_LE(teams.sum_of_sizes(), 8);
}

/// Who waits for a piece to end is not told of work in the place of a thread that would do it.
TEST(ComputePool, WorkIsDoneWhileASourceWaitsToGo) {
  for (int round = 0; round < 20; ++round) {
    ComputePool pool({.num_threads = 2});
    std::promise<void> begun, goes_on;
    auto slow = std::make_unique<Pieces>(pool, 1, [&, gate = goes_on.get_future().share()] {
      begun.set_value();
      gate.wait();
    });
    Pieces others(pool, 1, [] {});
    slow->add(1);
    begun.get_future().wait();
    std::thread removing([&] { slow.reset(); });
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    others.add(1);
    others.wait_until_computed(1);
    goes_on.set_value();
    removing.join();
  }
}

}  // namespace
}  // namespace albert::serve
