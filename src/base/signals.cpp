#include "base/signals.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <unistd.h>

namespace albert {

namespace {

// The system runs the handler on any thread, and others read what it writes.
std::atomic<int> received = 0;
std::atomic<const char*> answer_to_signal = nullptr;
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<const char*>::is_always_lock_free,
              "a handler must not wait for a lock");

void install(void (*handler)(int), int flags) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

/// Also lets a second signal, of whichever kind, do what it does to any process.
void remember(int signal) {
  const int kept = errno;
  install(SIG_DFL, 0);
  received = signal;
  if (const char* answer = answer_to_signal) {
    // What a handler may call; nobody is there to hear that it failed.
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, answer, std::strlen(answer));
  }
  errno = kept;
}

}  // namespace

StopRequest::StopRequest(const char* answer) {
  answer_to_signal = answer;
  install(remember, SA_RESTART);
}

StopRequest::~StopRequest() {
  install(SIG_DFL, 0);
  received = 0;
}

int StopRequest::signal() {
  return received;
}

}  // namespace albert
