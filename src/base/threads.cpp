#include "base/threads.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "base/error.h"

namespace albert {

std::string cannot_start_threads(const std::system_error& error) {
  return fmt::format(
      "cannot start a thread: {}; ask for fewer threads (--threads, train.threads, OMP_NUM_THREADS), or raise the "
      "limits "
      "of processes and memory (ulimit -u, ulimit -v)",
      error.code().message());
}

void require_threads(std::int64_t count) {
  std::mutex mutex;
  std::condition_variable all_are_there;
  bool is_over = false;
  std::vector<std::jthread> threads;
  threads.reserve(static_cast<std::size_t>(count));
  const auto end = [&] {
    {
      const std::scoped_lock lock(mutex);
      is_over = true;
    }
    all_are_there.notify_all();
    threads.clear();
  };
  try {
    for (std::int64_t i = 0; i < count; ++i) {
      threads.emplace_back([&] {
        std::unique_lock lock(mutex);
        all_are_there.wait(lock, [&] { return is_over; });
      });
    }
  } catch (const std::system_error& error) {
    end();
    throw IoError("{}", cannot_start_threads(error));
  }
  end();
}

}  // namespace albert
