#include "serve/compute_pool.h"

#include <algorithm>
#include <utility>

namespace albert::serve {

namespace {

constexpr std::int64_t kTokensPerThread = 4;  ///< fewer are not worth a thread

std::int64_t divided_up(std::int64_t n, std::int64_t by) {
  return n / by + (n % by != 0 ? 1 : 0);
}

/// By how many threads the one of a number computes at most: an even share for it and for each before it.
int share_of(std::size_t number, int num_threads) {
  return std::max(1, num_threads / static_cast<int>(number + 1));
}

}  // namespace

std::int64_t ComputePool::count_with_helpers(int num_threads) {
  std::int64_t count = 0;
  for (int i = 0; i < num_threads; ++i) count += share_of(static_cast<std::size_t>(i), num_threads);
  return count;
}

ComputePool::ComputePool(PoolOptions options, UseThreads use_threads)
    : options_(options),
      use_threads_(std::move(use_threads)),
      num_free_(options.num_threads),
      workers_(static_cast<std::size_t>(options.num_threads)) {
  try {
    for (std::size_t i = 0; i < workers_.size(); ++i) workers_[i].thread = std::thread([this, i] { run(i); });
  } catch (...) {
    stop();
    throw;
  }
}

ComputePool::~ComputePool() {
  stop();
}

void ComputePool::stop() {
  {
    const std::scoped_lock lock(mutex_);
    is_stopping_ = true;
    for (Worker& worker : workers_) worker.called.notify_one();
  }
  for (Worker& worker : workers_) {
    if (worker.thread.joinable()) worker.thread.join();
  }
}

void ComputePool::add(WorkSource& source) {
  const std::scoped_lock lock(mutex_);
  members_.push_back({.source = &source});
}

void ComputePool::remove(WorkSource& source) {
  std::unique_lock lock(mutex_);
  piece_ended_.wait(lock, [&] {
    const Member* member = find(source);
    return !member || member->num_pieces == 0;
  });
  std::erase_if(members_, [&](const Member& member) { return member.source == &source; });
}

void ComputePool::wake() {
  const std::scoped_lock lock(mutex_);
  call_idle(workers_.size());
}

/// Calls the first idle thread of those before a number.
/// \return false if none of them is idle: each looks for work before it is
bool ComputePool::call_idle(std::size_t before) {
  for (std::size_t i = 0; i < before; ++i) {
    if (!workers_[i].is_idle) continue;
    workers_[i].called.notify_one();
    return true;
  }
  return false;
}

ComputePool::Member* ComputePool::find(const WorkSource& source) {
  const auto found = std::ranges::find(members_, &source, &Member::source);
  return found == members_.end() ? nullptr : &*found;
}

void ComputePool::run(std::size_t number) {
  Worker& self = workers_[number];
  std::unique_lock lock(mutex_);
  while (!is_stopping_) {
    Clock::time_point due = Clock::time_point::max();
    const Member* next = num_free_ > 0 ? next_due(due) : nullptr;
    const bool is_due = next && due <= Clock::now();
    if (is_due && !call_idle(number)) {
      compute_piece(number, *next->source, lock);
      continue;
    }
    self.is_idle = true;
    if (next && !is_due) {
      self.called.wait_until(lock, due);
    } else {
      self.called.wait(lock);
    }
    self.is_idle = false;
  }
}

/// The source whose work is to be taken first; null if none has any.
ComputePool::Member* ComputePool::next_due(Clock::time_point& due) {
  Member* next = nullptr;
  for (Member& member : members_) {
    const auto waiting = member.source->waiting();
    if (!waiting || (next && waiting->due >= due)) continue;
    next = &member;
    due = waiting->due;
  }
  return next;
}

std::int64_t ComputePool::num_waiting_tokens() const {
  std::int64_t sum = 0;
  for (const Member& member : members_) {
    if (const auto waiting = member.source->waiting()) sum += waiting->num_tokens;
  }
  return sum;
}

/// Takes an even share of all there is, so that the threads end at about the same time.
void ComputePool::compute_piece(std::size_t number, WorkSource& source, std::unique_lock<std::mutex>& lock) {
  const std::int64_t all = num_waiting_tokens() + num_computed_tokens_;
  Piece piece = source.take(std::min(divided_up(all, options_.num_threads), options_.piece_tokens));
  if (!piece.compute) return;
  const std::int64_t num_left = num_waiting_tokens();
  const int num_threads = threads_for(number, piece.num_tokens, num_left);
  num_free_ -= num_threads;
  num_computed_tokens_ += piece.num_tokens;
  ++find(source)->num_pieces;
  if (num_left > 0) call_idle(workers_.size());
  lock.unlock();
  if (use_threads_) use_threads_(num_threads);
  piece.compute();
  piece.compute = {};
  lock.lock();
  num_free_ += num_threads;
  num_computed_tokens_ -= piece.num_tokens;
  --find(source)->num_pieces;
  piece_ended_.notify_all();
}

/// The free threads are divided among a piece and as many of its size as are left.
int ComputePool::threads_for(std::size_t number, std::int64_t num_tokens, std::int64_t num_left) const {
  const std::int64_t share = num_free_ / (1 + divided_up(num_left, num_tokens));
  const std::int64_t most =
      std::min<std::int64_t>(share_of(number, options_.num_threads), divided_up(num_tokens, kTokensPerThread));
  return static_cast<int>(std::clamp<std::int64_t>(share, 1, most));
}

}  // namespace albert::serve
