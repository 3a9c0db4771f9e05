#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>

namespace albert {

/// The state of long work on standard error: one live line on a terminal, otherwise a plain line every `interval`.
class Progress {
 public:
  /// \param title what is being done: "building the corpus"
  /// \param total how much there is to do, in the unit given to update(); 0 when unknown
  explicit Progress(std::string title, std::uint64_t total = 0,
                    std::chrono::seconds interval = std::chrono::seconds(10));
  ~Progress();  ///< ends the live line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Shows `done` with the share of the total, the time left, and `detail`. Cheap when it is too early for a new line.
  void update(std::uint64_t done, std::string_view detail);
  /// Clears the live line, so that something else can be printed; the next update draws it again.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  std::string title_;
  std::uint64_t total_;
  Clock::duration interval_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point next_ = Clock::now();
  bool terminal_;
  bool drawn_ = false;
};

/// "2 h 05 min", "3 min 20 s", "12 s".
std::string format_duration(std::chrono::seconds duration);
/// "1.2 GB", "340 kB": powers of 1000.
std::string format_bytes(std::uint64_t size_bytes);

/// Shows, while it lives, for how long a call has been at work that says nothing of itself.
class Heartbeat {
 public:
  /// \param title what is being done: "training the vocabulary"
  explicit Heartbeat(std::string title);

 private:
  void beat(const std::stop_token& stop);

  Progress progress_;
  std::jthread thread_;  ///< uses the other members
};

}  // namespace albert
