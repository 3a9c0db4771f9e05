#include "serve/compute_pool.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/error.h"

namespace albert::serve {

namespace {

constexpr std::int64_t kTokensPerThread = 4;  ///< fewer are not worth a thread

std::int64_t divided_up(std::int64_t n, std::int64_t by) {
  return n / by + (n % by != 0 ? 1 : 0);
}

}  // namespace

ComputePool::ComputePool(PoolOptions options, UseThreads use_threads)
    : options_(options), use_threads_(std::move(use_threads)), num_free_(options.num_threads) {
  try {
    for (int i = 0; i < options.num_threads; ++i) threads_.emplace_back([this] { run(); });
  } catch (const std::system_error& error) {
    stop();
    throw IoError("cannot start {} threads: {}", options.num_threads, error.code().message());
  }
}

ComputePool::~ComputePool() {
  stop();
}

void ComputePool::stop() {
  {
    const std::scoped_lock lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ComputePool::add(WorkSource& source) {
  const std::scoped_lock lock(mutex_);
  members_.push_back({.source = &source});
}

void ComputePool::remove(WorkSource& source) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] {
    const Member* member = find(source);
    return !member || member->num_pieces == 0;
  });
  std::erase_if(members_, [&](const Member& member) { return member.source == &source; });
}

void ComputePool::wake() {
  { const std::scoped_lock lock(mutex_); }  // a thread that has just found nothing waits by now
  changed_.notify_one();
}

ComputePool::Member* ComputePool::find(const WorkSource& source) {
  const auto found = std::ranges::find(members_, &source, &Member::source);
  return found == members_.end() ? nullptr : &*found;
}

void ComputePool::run() {
  std::unique_lock lock(mutex_);
  while (!is_stopping_) {
    Clock::time_point due;
    const Member* next = num_free_ > 0 ? next_due(due) : nullptr;
    if (!next) {
      changed_.wait(lock);
    } else if (due > Clock::now()) {
      changed_.wait_until(lock, due);
    } else {
      compute_piece(*next->source, lock);
    }
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
void ComputePool::compute_piece(WorkSource& source, std::unique_lock<std::mutex>& lock) {
  const std::int64_t all = num_waiting_tokens() + num_computed_tokens_;
  Piece piece = source.take(std::min(divided_up(all, options_.num_threads), options_.piece_tokens));
  if (!piece.compute) return;
  const std::int64_t num_left = num_waiting_tokens();
  const int num_threads = threads_for(piece.num_tokens, num_left);
  num_free_ -= num_threads;
  num_computed_tokens_ += piece.num_tokens;
  ++find(source)->num_pieces;
  lock.unlock();
  if (num_left > 0) changed_.notify_one();
  if (use_threads_) use_threads_(num_threads);
  piece.compute();
  piece.compute = {};
  lock.lock();
  num_free_ += num_threads;
  num_computed_tokens_ -= piece.num_tokens;
  --find(source)->num_pieces;
  changed_.notify_all();
}

/// The free threads are divided among a piece and as many of its size as are left.
int ComputePool::threads_for(std::int64_t num_tokens, std::int64_t num_left) const {
  const std::int64_t share = num_free_ / (1 + divided_up(num_left, num_tokens));
  return static_cast<int>(std::clamp<std::int64_t>(share, 1, divided_up(num_tokens, kTokensPerThread)));
}

}  // namespace albert::serve
