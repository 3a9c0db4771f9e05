#include "base/threads.h"

#include <latch>
#include <thread>
#include <vector>

#include "base/error.h"

namespace albert {

std::string cannot_start_threads(const std::system_error& error) {
  return fmt::format(
      "cannot start a thread: {}; ask for fewer threads (--threads, train.threads, OMP_NUM_THREADS), or raise the "
      "limits of processes and memory (ulimit -u, ulimit -v)",
      error.code().message());
}

void require_threads(std::int64_t count) {
  std::latch is_over(1);
  std::vector<std::jthread> threads;
  threads.reserve(static_cast<std::size_t>(count));
  const struct End {  // they are joined behind it, also where there is no memory for another one
    std::latch& is_over;
    ~End() { is_over.count_down(); }
  } end{is_over};
  try {
    for (std::int64_t i = 0; i < count; ++i) threads.emplace_back([&] { is_over.wait(); });
  } catch (const std::system_error& error) {
    throw IoError("{}", cannot_start_threads(error));
  }
}

}  // namespace albert
