#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace albert::serve {

/// Threads that do small pieces of work: reading requests, writing responses.
class WorkerPool {
 public:
  /// Throws std::system_error if the system does not give so many threads.
  explicit WorkerPool(std::size_t num_threads);
  /// Does what was given to it, and ends.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// \param work throws nothing
  void post(std::function<void()> work);

 private:
  void run();
  void stop();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool is_stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace albert::serve
