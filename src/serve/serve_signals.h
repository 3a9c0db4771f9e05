#pragma once

#include <array>
#include <chrono>
#include <optional>

#include "base/signals.h"

namespace albert::serve {

/// While it lives, SIGHUP waits: it would end a process that does not listen to it yet.
class DelayedHangup {
 public:
  DelayedHangup();
  ~DelayedHangup();
  DelayedHangup(const DelayedHangup&) = delete;
  DelayedHangup& operator=(const DelayedHangup&) = delete;
};

/// While it lives, the stop signals are put into a queue, and do nothing else. One object at a time.
class SignalQueue {
 public:
  /// Throws IoError.
  SignalQueue();
  ~SignalQueue();
  SignalQueue(const SignalQueue&) = delete;
  SignalQueue& operator=(const SignalQueue&) = delete;

  /// The next signal; nothing if none comes in this time. SIGPIPE is none: a client that leaves is no news.
  static std::optional<int> next(std::chrono::milliseconds limit);

 private:
  std::optional<SignalHandling> handling_;
};

}  // namespace albert::serve
