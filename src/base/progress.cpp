#include "base/progress.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <utility>

#include <spdlog/fmt/fmt.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/log.h"

namespace albert {

namespace {

std::size_t terminal_columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

std::string format_duration(std::chrono::seconds duration) {
  const auto s = duration.count();
  if (s >= 3600) return fmt::format("{} h {:02} min", s / 3600, s / 60 % 60);
  if (s >= 60) return fmt::format("{} min {:02} s", s / 60, s % 60);
  return fmt::format("{} s", s);
}

std::string format_bytes(std::uint64_t size_bytes) {
  constexpr std::array kUnits{"B", "kB", "MB", "GB", "TB"};
  auto value = static_cast<double>(size_bytes);
  std::size_t unit = 0;
  while (value >= 1000 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} B", size_bytes) : fmt::format("{:.1f} {}", value, kUnits[unit]);
}

Progress::Progress(std::string title, std::uint64_t total, std::chrono::seconds interval)
    : title_(std::move(title)), total_(total), interval_(interval), terminal_(isatty(STDERR_FILENO) != 0) {
  if (terminal_) interval_ = std::chrono::milliseconds(200);
  next_ += interval_;
}

Progress::~Progress() {
  clear();
}

void Progress::update(std::uint64_t done, std::string_view detail) {
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + interval_;
  std::string line = title_;
  if (total_ > 0) {
    const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total_));  // a last update lasts
    const std::chrono::duration<double> elapsed = now - start_;
    line += fmt::format(" {:.1f}%", 100 * share);
    if (share > 0 && share < 1) {
      const auto left = std::chrono::duration_cast<std::chrono::seconds>(elapsed * (1 - share) / share);
      line += fmt::format(", {} left", format_duration(left));
    }
  }
  line += fmt::format(", {}", detail);
  if (!terminal_) {
    log_info("{}", line);
    return;
  }
  if (const std::size_t columns = terminal_columns(); line.size() >= columns) line.resize(columns - 1);
  std::fprintf(stderr, "\r\033[K%s", line.c_str());
  std::fflush(stderr);
  drawn_ = true;
}

void Progress::clear() {
  if (!std::exchange(drawn_, false)) return;
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
}

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
