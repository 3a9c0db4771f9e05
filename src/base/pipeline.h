#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"

namespace albert {

/// Work done by several threads, handed out in the order of its input: `source` yields inputs one at a time (never
/// called twice at once), `work` turns each into an output on one of the threads, and next() returns the outputs in the
/// source's order. At most `capacity` inputs are under way or waiting, so memory is bounded and a slow reader holds the
/// source back. An output is handed out as soon as it is there, even while the source lets its caller wait for more.
///
/// An exception of source or work reaches the caller of next() in its place in the order, and ends the stream.
template <typename Input, typename Output>
class Pipeline {
 public:
  using Source = std::function<std::optional<Input>()>;
  /// \param thread which of the threads calls, in [0, num_threads): for scratch memory that belongs to one
  using Work = std::function<Output(Input, std::size_t thread)>;

  /// \param num_threads 0 does the work in next(), on the caller's thread
  /// Throws IoError if the system does not give so many threads.
  Pipeline(std::size_t num_threads, std::size_t capacity, Source source, Work work)
      : capacity_(capacity > 0 ? capacity : 1), source_(std::move(source)), work_(std::move(work)) {
    threads_.reserve(num_threads);
    try {
      for (std::size_t i = 0; i < num_threads; ++i) threads_.emplace_back([this, i] { run(i); });
    } catch (const std::system_error& error) {
      stop();
      throw IoError("cannot start {} threads, but only {}: {}; ask for fewer", num_threads, threads_.size(),
                    error.code().message());
    }
  }

  ~Pipeline() { stop(); }

  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  /// The next output; nothing once the source is exhausted.
  std::optional<Output> next() {
    if (threads_.empty()) {
      std::optional<Input> input = source_();
      return input ? std::optional<Output>(work_(std::move(*input), 0)) : std::nullopt;
    }
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return slots_.empty() ? exhausted_ : slots_.front().done; });
    if (slots_.empty()) return std::nullopt;
    Slot slot = std::move(slots_.front());
    slots_.pop_front();
    ++first_;
    lock.unlock();
    room_.notify_one();
    if (slot.error) std::rethrow_exception(slot.error);
    return std::move(slot.output);
  }

 private:
  struct Slot {
    std::optional<Output> output;
    std::exception_ptr error;
    bool done = false;
  };

  void stop() {
    {
      const std::scoped_lock lock(mutex_);
      stopping_ = true;
    }
    room_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  /// An input with the place in the order that was kept for its output.
  struct Task {
    Input input;
    std::size_t position;
  };

  void run(std::size_t thread) {
    while (std::optional<Task> task = take()) {
      Slot result;
      try {
        result.output = work_(std::move(task->input), thread);
      } catch (...) {
        result.error = std::current_exception();
      }
      result.done = true;
      {
        const std::scoped_lock lock(mutex_);
        if (result.error) exhausted_ = true;
        slots_[task->position - first_] = std::move(result);
      }
      ready_.notify_one();
    }
    room_.notify_all();  // nothing is left to wait for
  }

  /// The next input, once there is room for its output; nothing at the end. Only one thread at a time asks the source,
  /// and gives the slot its place before the next one may: that is what makes the order of the slots that of the
  /// source. The slots have a lock of their own, so that next() does not wait for the source.
  std::optional<Task> take() {
    const std::scoped_lock one_at_a_time(source_mutex_);
    {
      std::unique_lock lock(mutex_);
      room_.wait(lock, [this] { return stopping_ || exhausted_ || slots_.size() < capacity_; });
      if (stopping_ || exhausted_) return std::nullopt;
    }
    std::optional<Input> input;
    Slot slot;
    try {
      input = source_();
    } catch (...) {
      slot.error = std::current_exception();
      slot.done = true;
    }
    const std::scoped_lock lock(mutex_);
    if (exhausted_) return std::nullopt;  // by an error of the work, meanwhile
    if (input || slot.error) slots_.push_back(std::move(slot));
    if (input) return Task{std::move(*input), first_ + slots_.size() - 1};
    exhausted_ = true;
    ready_.notify_all();
    return std::nullopt;
  }

  const std::size_t capacity_;
  const Source source_;
  const Work work_;
  std::mutex source_mutex_;  ///< taken before mutex_ by whoever asks the source
  std::mutex mutex_;         ///< guards what follows
  std::condition_variable room_;
  std::condition_variable ready_;
  std::deque<Slot> slots_;
  std::size_t first_ = 0;  ///< position in the source's order of slots_.front()
  bool exhausted_ = false;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace albert
