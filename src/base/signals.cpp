#include "base/signals.h"

#include <atomic>
#include <csignal>

namespace albert {

namespace {

// The system runs the handler on any thread, and others read what it writes.
std::atomic<int> received = 0;
static_assert(std::atomic<int>::is_always_lock_free, "a handler must not wait for a lock");

void remember(int signal) {
  received = signal;
}

void install(void (*handler)(int), int flags) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

StopRequest::StopRequest() {
  received = 0;
  install(remember, static_cast<int>(SA_RESTART | SA_RESETHAND));
}

StopRequest::~StopRequest() {
  install(SIG_DFL, 0);
}

int StopRequest::signal() {
  return received;
}

}  // namespace albert
