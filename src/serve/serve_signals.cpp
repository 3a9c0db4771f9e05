#include "serve/serve_signals.h"

#include <atomic>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "base/error.h"

namespace albert::serve {

namespace {

/// A pipe: what a handler may write to, whichever thread it interrupts.
std::atomic<int> read_end = -1;
std::atomic<int> write_end = -1;

void remember(int signal) {
  if (signal == SIGPIPE) return;
  const int kept = errno;
  const auto byte = static_cast<unsigned char>(signal);
  [[maybe_unused]] const ssize_t written = ::write(write_end, &byte, 1);
  errno = kept;
}

void mask_hangup(int how) {
  sigset_t hangup;
  ::sigemptyset(&hangup);
  ::sigaddset(&hangup, SIGHUP);
  ::pthread_sigmask(how, &hangup, nullptr);
}

}  // namespace

DelayedHangup::DelayedHangup() {
  mask_hangup(SIG_BLOCK);
}

DelayedHangup::~DelayedHangup() {
  mask_hangup(SIG_UNBLOCK);
}

SignalQueue::SignalQueue() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) throw IoError::from_errno("cannot make a pipe");
  read_end = ends[0];
  write_end = ends[1];
  handling_.emplace(remember);
  // Also where it is ignored, as under nohup: whoever sends it means it, and a reload harms nobody.
  struct sigaction action {};
  action.sa_handler = remember;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGHUP, &action, nullptr);
}

SignalQueue::~SignalQueue() {
  handling_.reset();
  ::close(write_end.exchange(-1));
  ::close(read_end.exchange(-1));
}

std::optional<int> SignalQueue::next(std::chrono::milliseconds limit) {
  pollfd waiting{.fd = read_end, .events = POLLIN, .revents = 0};
  unsigned char signal = 0;
  if (::poll(&waiting, 1, static_cast<int>(limit.count())) <= 0 || ::read(read_end, &signal, 1) != 1)
    return std::nullopt;
  return signal;
}

}  // namespace albert::serve
