#include "parallel/watch.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <spdlog/fmt/fmt.h>

#include "parallel/libtorch_message.h"

namespace albert::parallel {

namespace {

double seconds(std::chrono::milliseconds time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

Watch::Watch(std::unique_ptr<Board> board, const WatchOptions& options, std::function<void(const std::string&)> lost)
    : board_(std::move(board)),
      options_(options),
      lost_(std::move(lost)),
      watched_((options.rank + 1) % options.size),
      watcher_([this] { watch(); }),
      guard_([this] { guard(); }) {}

Watch::~Watch() {
  {
    const std::scoped_lock lock(mutex_);
    stops_ = true;
  }
  condition_.notify_all();
  watcher_.join();
  guard_.join();
}

std::string Watch::beat_key(int rank) {
  return fmt::format("beat/{}", rank);
}

std::string Watch::left_key(int rank) {
  return fmt::format("left/{}", rank);
}

bool Watch::wait(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return !condition_.wait_for(lock, time, [this] { return stops_; });
}

void Watch::watch() {
  do {
    std::optional<std::string> problem;
    try {
      problem = look();
    } catch (const std::exception& error) {
      problem = fmt::format("the store of the ranks does not answer: {}", libtorch_message(error));
    }
    if (problem) {
      {
        const std::scoped_lock lock(mutex_);
        if (stops_) return;  // at the end of the work the store may go first
      }
      lost_(*problem);
      return;
    }
    const std::scoped_lock lock(mutex_);
    ticks_since_answer_ = 0;
  } while (wait(options_.interval));
}

/// A call on the board may wait for ever, as for a host whose cable was pulled.
void Watch::guard() {
  while (wait(options_.interval)) {
    {
      const std::scoped_lock lock(mutex_);
      constexpr std::int64_t kToEnd = 2;  // the process has to be gone in time
      if (++ticks_since_answer_ < intervals(options_.timeout) - kToEnd) continue;
    }
    lost_(fmt::format("the store of the ranks has not answered for {:g} s", seconds(options_.timeout)));
    return;
  }
}

std::int64_t Watch::patience() {
  constexpr std::int64_t kFew = 8;
  const std::int64_t usual = intervals(options_.timeout / 2);
  if (suspects_ && !board_->read(kSuspicionKey)) board_->write(kSuspicionKey, "");
  return board_->read(kSuspicionKey) ? std::min(kFew, usual) : usual;
}

/// Its watcher may leave before a rank does, which then would be watched by nobody.
bool Watch::find_watched() {
  while (watched_ != options_.rank && board_->read(left_key(watched_))) {
    watched_ = (watched_ + 1) % options_.size;
    looks_since_ = 0;
    last_beat_.clear();
  }
  return watched_ != options_.rank;
}

std::optional<std::string> Watch::look() {
  board_->write(beat_key(options_.rank), std::to_string(++beat_));
  if (auto failure = board_->read(kFailureKey)) return failure;
  if (!find_watched()) return std::nullopt;
  const std::string beat = board_->read(beat_key(watched_)).value_or("");
  looks_since_ = beat == last_beat_ ? looks_since_ + 1 : 0;
  last_beat_ = beat;
  if (looks_since_ < patience()) return std::nullopt;
  std::string problem =
      fmt::format("rank {} gave no sign of life for {:g} s", watched_, seconds(looks_since_ * options_.interval));
  board_->write(kFailureKey, problem);
  return problem;
}

}  // namespace albert::parallel
