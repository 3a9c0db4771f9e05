#include "base/heartbeat.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include <spdlog/fmt/fmt.h>

namespace albert {

Heartbeat::Heartbeat(std::string title)
    : progress_(std::move(title)), thread_([this](const std::stop_token& stop) { beat(stop); }) {}

void Heartbeat::beat(const std::stop_token& stop) {
  const auto start = std::chrono::steady_clock::now();
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any never;
  while (!never.wait_for(lock, stop, std::chrono::milliseconds(500), [&] { return stop.stop_requested(); })) {
    const auto elapsed = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start);
    progress_.update(0, fmt::format("{} so far", format_duration(elapsed)));
  }
}

}  // namespace albert
