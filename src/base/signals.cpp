#include "base/signals.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <unistd.h>

namespace albert {

namespace {

/// What a person sends, at times twice.
constexpr std::array kOfPeople{SIGINT, SIGTERM};
constexpr std::array kOfSystems{SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU, SIGPIPE};

// The system runs the handler on any thread, and others read what it writes.
std::atomic<int> received = 0;
std::atomic<const char*> answer_to_signal = nullptr;
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<const char*>::is_always_lock_free,
              "a handler must not wait for a lock");

void install(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = handler == SIG_DFL ? 0 : SA_RESTART;
  sigaction(signal, &action, nullptr);
}

bool is_ignored(int signal) {
  struct sigaction action {};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

/// Also lets a second signal of a person do what it does to any process.
void remember(int signal) {
  int none = 0;
  if (!received.compare_exchange_strong(none, signal)) return;
  const int kept = errno;
  for (const int other : kOfPeople) {
    if (!is_ignored(other)) install(other, SIG_DFL);
  }
  if (const char* answer = answer_to_signal) {
    // What a handler may call; nobody is there to hear that it failed.
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, answer, std::strlen(answer));
  }
  errno = kept;
}

template <typename Action>
void for_each_signal(const Action& action) {
  for (const int signal : kOfPeople) action(signal);
  for (const int signal : kOfSystems) action(signal);
}

}  // namespace

StopRequest::StopRequest(const char* answer) {
  answer_to_signal = answer;
  for_each_signal([](int signal) {
    if (signal == SIGINT || !is_ignored(signal)) install(signal, remember);
  });
}

StopRequest::~StopRequest() {
  for_each_signal([](int signal) {
    if (!is_ignored(signal)) install(signal, SIG_DFL);
  });
  received = 0;
}

int StopRequest::signal() {
  return received;
}

std::string name_of_signal(int signal) {
  const char* name = ::sigabbrev_np(signal);
  return name ? std::string("SIG") + name : "signal " + std::to_string(signal);
}

}  // namespace albert
