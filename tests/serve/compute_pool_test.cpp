#include "serve/compute_pool.h"

#include <algorithm>
#include <future>
#include <map>
#include <numeric>
#include <random>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

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

/// By how many threads each thread of a pool has computed at most: so many does OpenMP keep for it.
class Teams {
 public:
  ComputePool::UseThreads note() {
    return [this](int count) {
      const std::scoped_lock lock(mutex_);
      int& most = most_[std::this_thread::get_id()];
      most = std::max(most, count);
    };
  }
  std::vector<int> sizes() const {
    const std::scoped_lock lock(mutex_);
    std::vector<int> sizes;
    for (const auto& [thread, most] : most_) sizes.push_back(most);
    return sizes;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::thread::id, int> most_;
};

TEST(ComputePool, WhatComesAloneGoesToTheSameThread) {
  Teams teams;
  ComputePool pool({.num_threads = 4}, teams.note());
  Pieces pieces(pool, 100, [] {});
  for (int i = 1; i <= 200; ++i) {
    pieces.add(1);
    pieces.wait_until_computed(i);
  }
  EXPECT_EQ(teams.sizes(), std::vector{4});
}

TEST(ComputePool, HasNoMoreHelpersThanItSays) {
  EXPECT_EQ(ComputePool::count_with_helpers(1), 1);
  EXPECT_EQ(ComputePool::count_with_helpers(2), 3);
  EXPECT_EQ(ComputePool::count_with_helpers(4), 8);
  EXPECT_LT(ComputePool::count_with_helpers(64), 5 * 64);
  Teams teams;
  ComputePool pool({.num_threads = 4}, teams.note());
  std::minstd_rand draw(1);
  Pieces pieces(pool, 100, [] { std::this_thread::sleep_for(std::chrono::microseconds(200)); });
  int num_added = 0;
  for (int i = 0; i < 300; ++i) {
    const int count = 1 + static_cast<int>(draw() % 6);
    pieces.add(count);
    num_added += count;
    if (i % 3 == 0) pieces.wait_until_computed(num_added - static_cast<int>(draw() % 3));
  }
  pieces.wait_until_computed(num_added);
  const std::vector<int> sizes = teams.sizes();
  EXPECT_LE(std::accumulate(sizes.begin(), sizes.end(), 0), 8);
  EXPECT_EQ(*std::ranges::max_element(sizes), 4);
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
